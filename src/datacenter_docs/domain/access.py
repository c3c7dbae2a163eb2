"""Who may do what: four roles, one table, and the name under which something is done. Pure.

Entrypoints ask; where there is no authentication they have no `Principal`, and names are what the caller says.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from datacenter_docs.domain.decision import known_as
from datacenter_docs.domain.errors import Forbidden, Invalid
from datacenter_docs.domain.tickets import PersonName
from datacenter_docs.domain.values import Value

ANONYMOUS = "anonymous"
"""Stands in a body where nobody said a name."""
RESERVED = frozenset({ANONYMOUS, "system"})
"""Names that the journal uses itself; nobody can be called so."""


class Role(StrEnum):
    """What somebody is trusted with; each may do what those before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    APPROVER = "approver"
    ADMIN = "admin"


class Permission(StrEnum):
    """What can be allowed."""

    READ = "read"
    SUBMIT_TICKETS = "tickets.submit"
    CLOSE_TICKETS = "tickets.close"
    GIVE_FEEDBACK = "feedback.give"
    WRITE_NOTES = "notes.write"
    SURVEY = "estate.survey"
    TEST_CONNECTIONS = "connections.test"
    STOP = "kill_switch.on"
    RESUME = "kill_switch.off"
    APPROVE = "plans.approve"
    CURATE = "patterns.curate"
    GOVERN = "policies.write"
    REBUILD = "search.rebuild"
    MANAGE_TOKENS = "tokens.manage"


LEAST_ROLE: Mapping[Permission, Role] = MappingProxyType(
    {
        Permission.READ: Role.VIEWER,
        Permission.SUBMIT_TICKETS: Role.OPERATOR,
        Permission.CLOSE_TICKETS: Role.OPERATOR,
        Permission.GIVE_FEEDBACK: Role.OPERATOR,
        Permission.WRITE_NOTES: Role.OPERATOR,
        Permission.SURVEY: Role.OPERATOR,
        Permission.TEST_CONNECTIONS: Role.OPERATOR,
        Permission.STOP: Role.OPERATOR,
        Permission.RESUME: Role.APPROVER,
        Permission.APPROVE: Role.APPROVER,
        Permission.CURATE: Role.APPROVER,
        Permission.GOVERN: Role.ADMIN,
        Permission.REBUILD: Role.ADMIN,
        Permission.MANAGE_TOKENS: Role.ADMIN,
    }
)
"""The least role that a permission needs. To stop takes less than to go on."""
MEANINGS: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.READ: "read everything: tickets, documents, estate, patterns, policies, the journal, metrics",
        Permission.SUBMIT_TICKETS: "send tickets in",
        Permission.CLOSE_TICKETS: "close a ticket by hand",
        Permission.GIVE_FEEDBACK: "say how a resolution was",
        Permission.WRITE_NOTES: "write notes and take them away",
        Permission.SURVEY: "begin a survey, and say that what vanished is gone",
        Permission.TEST_CONNECTIONS: "test a connection",
        Permission.STOP: "turn the kill switch on",
        Permission.RESUME: "turn the kill switch off",
        Permission.APPROVE: "approve, reject and run plans",
        Permission.CURATE: "name, merge, split, forbid and allow patterns",
        Permission.GOVERN: "write policies and take them away",
        Permission.REBUILD: "make the search index anew",
        Permission.MANAGE_TOKENS: "create, list, rotate and revoke API tokens",
    }
)
_RANK = {role: rank for rank, role in enumerate(Role)}


class Login(StrEnum):
    """How somebody showed who they are: an API token of ours, or a token of the identity provider."""

    TOKEN = "token"  # noqa: S105 - a word, not a secret
    OIDC = "oidc"


class Principal(Value):
    """Somebody whom we know. `name`: what is journaled, and compared with approver lists and requesters."""

    name: PersonName
    role: Role
    login: Login

    def may(self, permission: Permission) -> bool:
        """Whether the role reaches what the permission needs."""
        return at_least(self.role, LEAST_ROLE[permission])

    def must(self, permission: Permission) -> None:
        """Raises `Forbidden`, naming the permission and the role that it needs."""
        if not self.may(permission):
            needed = LEAST_ROLE[permission]
            raise Forbidden(
                f"{self.name} is {self.role}, and this needs the role {needed}.",
                permission=permission.value,
                role_needed=needed.value,
            )


def at_least(role: Role, least: Role) -> bool:
    """Whether a role may do what another one may."""
    return _RANK[role] >= _RANK[least]


def highest(roles: frozenset[Role]) -> Role | None:
    """The one that may most; None: there is none."""
    return max(roles, key=_RANK.__getitem__, default=None)


def is_reserved(name: str) -> bool:
    """Whether nobody can be called so, however it is spelt."""
    return known_as(name) in RESERVED


def acting_name(principal: Principal | None, said: str | None, field: str) -> str:
    """The name under which something is done. `principal` None: there is no authentication, so what was said holds.

    With one it is the name of the login; another name in the body is refused with `Forbidden`. `said` None: nothing was said,
    which raises `Invalid` where it is all that there would be.
    """
    if principal is None:
        if said is None:
            raise Invalid(f"{field}: is missing", {field: "is missing"})
        return said
    if said is not None and known_as(said) not in (ANONYMOUS, known_as(principal.name)):
        raise Forbidden(
            f"You are logged in as {principal.name}, so `{field}` cannot be another name: leave it out.",
            field=field,
        )
    return principal.name
