// A certified OpenID provider with people made for tests: whoever logs in as `ops-ann` is in the group `ops`.
// Its argument is a file with the port, the audience of access tokens, and the private keys that it signs with.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const { modules, port, audience, keys } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { Provider } = await import(pathToFileURL(createRequire(`${modules}/`).resolve('oidc-provider')));
const issuer = `http://127.0.0.1:${port}`;
const person = (id) => ({
  sub: id,
  email: `${id}@example.test`,
  email_verified: !id.startsWith('new-'),
  groups: [id.split('-')[0], 'everybody'],
});
const provider = new Provider(issuer, {
  clients: [{
    client_id: 'dcdocs',
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    redirect_uris: ['http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'],
    response_types: ['code'],
  }],
  jwks: { keys },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'] },
  scopes: ['openid', 'email', 'groups'],
  conformIdTokenClaims: false,
  findAccount: (ctx, id) => ({ accountId: id, claims: () => person(id) }),
  extraTokenClaims: (ctx, token) => (token.accountId ? { ...person(token.accountId), sub: undefined } : undefined),
  features: {
    devInteractions: { enabled: true },
    deviceFlow: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: 'openid email groups', audience, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
    },
  },
});
provider.listen(port, '127.0.0.1', () => console.log('up'));
