"""All settings, as values read once from the environment; only `bootstrap` reads this module.

The seed's variables keep the seed's names; everything else begins with `DATACENTER_DOCS_`. A secret is never a
setting, only a reference to one (`env:NAME`, `file:PATH`).
"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Percentage = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


def _seed(name: str) -> AliasChoices:
    """The seed's own variable name, without our prefix."""
    return AliasChoices(name, name.lower())


class Settings(BaseSettings):
    """Every setting. The docstring under a field says what it means, its unit, and why this default."""

    model_config = SettingsConfigDict(
        env_prefix="DATACENTER_DOCS_",
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        use_attribute_docstrings=True,
    )

    auto_remediation_enabled: bool = Field(
        default=False, validation_alias=_seed("AUTO_REMEDIATION_ENABLED")
    )
    """The global switch. False: every ticket gets its diagnosis and plan, nothing runs by itself. Off, because freedom is given, not assumed."""

    auto_remediation_max_actions_per_hour: Annotated[int, Field(ge=0)] = Field(
        default=10, validation_alias=_seed("AUTO_REMEDIATION_MAX_ACTIONS_PER_HOUR")
    )
    """Cap over all policies, in any 3,600 seconds, on top of each policy's own."""

    auto_remediation_require_approval: bool = Field(
        default=True, validation_alias=_seed("AUTO_REMEDIATION_REQUIRE_APPROVAL")
    )
    """Or'ed with the policy's `requires_approval`. True, because a person should see the first repairs."""

    auto_remediation_min_reliability: Percentage = Field(
        default=85.0, validation_alias=_seed("AUTO_REMEDIATION_MIN_RELIABILITY")
    )
    """Stands in for a policy without `min_reliability_score`; 0..100."""

    pattern_min_occurrences: Annotated[int, Field(ge=1)] = Field(
        default=5, validation_alias=_seed("PATTERN_MIN_OCCURRENCES")
    )
    """Tickets that a pattern needs before it can be eligible."""

    pattern_min_positive_rate: Fraction = Field(
        default=0.85, validation_alias=_seed("PATTERN_MIN_POSITIVE_RATE")
    )
    """Share of positive feedback that a pattern needs before it can be eligible; 0..1."""

    data_dir: Path = Path("var")
    """Where the embedded databases and the journal's anchors live."""

    database_url: str | None = None
    """SQLAlchemy URL of the product's database. None: SQLite in `data_dir`. A PostgreSQL URL (`postgresql+psycopg://...`) may leave the password to a `PGPASSFILE`."""

    estate_file: Path | None = None
    """The estate file (`datacenter.yaml`). None: `datacenter.yaml` in the working directory if there is one, else this machine alone, read-only."""

    demo: bool = False
    """Runs on the simulated datacenter instead of an estate. Its data are then in `demo` under `data_dir` unless that is given, always in SQLite, and `AUTO_REMEDIATION_ENABLED` is true unless it is given."""

    runbooks_dir: Path | None = None
    """A folder with your own runbooks, read in addition to the shipped ones. None: none."""

    worker_id: str | None = None
    """Names this worker; a worker that starts again under the same name continues its tickets. None: `local` on SQLite, the host name on PostgreSQL."""

    lease_seconds: Annotated[float, Field(ge=1, le=3_600)] = 15.0
    """On PostgreSQL: a worker that was not seen for so long counts as gone, others go on with its tickets, and it ends when it wakes up. The same for all workers. 15 seconds, so that tickets go on elsewhere within 30."""

    concurrent_tickets: Annotated[int, Field(ge=1, le=1_000)] = 16
    """How many tickets are diagnosed and decided at the same time in one worker; the others wait their turn."""

    call_timeout_seconds: Annotated[float, Field(gt=0, le=3_600)] = 30.0
    """How long one call to an MCP server may take, unless the connection says otherwise."""

    max_body_bytes: Annotated[int, Field(ge=1_024)] = 1_048_576
    """Larger request bodies are refused with 413; 1 MiB."""

    max_body_seconds: Annotated[float, Field(gt=0, le=3_600)] = 30.0
    """A request body that is not complete by then is refused with 408."""

    authentication: bool = False
    """Whether everybody who asks has to log in, with an API token or a token of the identity provider. False: nobody has to, and the server listens on the loopback address only."""

    allowed_hosts: tuple[str, ...] = ()
    """Names and addresses that the server is asked by, beside those of this machine, as JSON: `["docs.example"]`. Requests for other names are refused, so that no other site's page reaches it by a name of its own."""

    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of proxies in front, as JSON: who asks is taken from their `X-Forwarded-For`, and encrypting is theirs. Empty: nobody's word is taken."""

    tls_certificate: Path | None = None
    """The server's certificate chain, PEM. None: it speaks plain HTTP, and listens beyond the loopback address only behind a proxy that is named above."""

    tls_key: Path | None = None
    """The certificate's private key, PEM. None: it is in the file of the certificate."""

    login_failures_a_minute: Annotated[int, Field(ge=1, le=1_000_000)] = 10
    """So many failed logins of one address are answered; then it waits. An IPv6 address counts with its /64."""

    oidc_issuer: str | None = None
    """The identity provider's issuer URL, whose tokens are taken beside API tokens. None: there is none."""

    oidc_audience: str | None = None
    """What the provider's tokens have to be made for (`aud`): the name of this product there."""

    oidc_client: str | None = None
    """The client under which `dcdocs login` sends people to the provider, one without a secret that may use device codes. None: people bring their token from elsewhere."""

    oidc_name_claim: str = "sub"
    """Which claim is the person's name: in approver lists, for four-eyes, in the journal. `sub` is nobody else's ever; `email` counts only where the provider has verified it; never one that people change themselves."""

    oidc_groups_claim: str = "groups"
    """Which claim lists the person's groups."""

    oidc_roles: dict[str, Literal["viewer", "operator", "approver", "admin"]] = {}
    """Which group has which role, as JSON: `{"dc-operators": "operator"}`. Of several the highest counts; who has none is refused."""

    lock_wait_seconds: Annotated[float, Field(ge=0)] = 60.0
    """How long a remediation waits for a resource that another one holds before it goes back to a person."""

    check_max_age_seconds: Annotated[float, Field(gt=0)] = 300.0
    """Safety checks older than this count as failed."""

    feedback_half_life_days: Annotated[float, Field(gt=0)] = 30.0
    """After so many days a feedback weighs half."""

    history_days: Annotated[int, Field(ge=1)] = 180
    """How far back the success history looks."""

    weight_ai_confidence: Fraction = 0.25
    """Weight of the resolver's own confidence; the four weights must sum to 1."""

    weight_human_feedback: Fraction = 0.30
    """Weight of people's feedback."""

    weight_success_history: Fraction = 0.25
    """Weight of what became of earlier tickets of the category."""

    weight_pattern_match: Fraction = 0.20
    """Weight of the similarity to the best known pattern."""

    survey_schedule: str = "*/15 * * * *"
    """When the estate is surveyed, as a cron expression in UTC (with six fields the first one is seconds). Empty: only when somebody asks. Every quarter of an hour, so that no document is older than that."""

    survey_concurrent_connections: Annotated[int, Field(ge=1, le=100)] = 8
    """How many connections a survey reads at the same time; the others wait their turn."""

    survey_time_limit_seconds: Annotated[float, Field(gt=0, le=86_400)] = 600.0
    """How long a survey reads one connection before it gives up on the rest of it."""

    survey_believable_ratio: Fraction = 0.5
    """Where there were ten or more of a kind, and less than this part is left, nothing is taken for gone until a person says so; 0 believes everything."""

    estate_version_days: Annotated[int, Field(ge=1, le=36_500)] = 400
    """For so long it can be asked what was true and is not any more; 400 days, so that a year ago is among them."""

    estate_measurement_days: Annotated[int, Field(ge=1, le=36_500)] = 90
    """For so many days the last measured values of each day are kept, from which growth is told."""

    estate_payload_days: Annotated[int, Field(ge=1, le=36_500)] = 1
    """For so long a raw answer is kept that nothing true or changed refers to any more; they are large."""

    document_promise_minutes: dict[str, Annotated[float, Field(gt=0, le=525_600)]] = {
        "default": 60.0
    }
    """How old the readings may be that a section stands on, by its id, as JSON: `{"network": 10, "default": 30}`. A section that is not named has that of `default`; 60 minutes, so that four surveys may fail in a row."""

    embeddings_url: str | None = None
    """An endpoint that speaks OpenAI's embeddings, without `/embeddings` at its end: a second opinion on similar tickets. None: words alone decide, and no text leaves this machine."""

    embeddings_model: str = ""
    """The model that the endpoint is asked for. Vectors of different models are never compared: after a change, `dcdocs index rebuild`."""

    embeddings_key: str | None = None
    """The endpoint's key as a reference (`env:NAME`, `file:PATH`), never the key itself. None: it asks for none."""

    embeddings_timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 2.0
    """After so long the answer by words is given without the second opinion."""
    model: str | None = None
    """A language model that gives a second opinion on every ticket: `anthropic:claude-sonnet-4-5`, or `openai:NAME` for any endpoint that speaks the OpenAI protocol. None: no model, and everything works. Needs the extra `model`."""

    model_base_url: str | None = None
    """Where the model is served, for a local one or a proxy. None: the provider's own address."""

    model_key: str | None = None
    """Where the provider's key is: `env:NAME` or `file:PATH`, never the key itself. None: the endpoint wants none."""

    model_phrases: bool = False
    """Whether the model also phrases the summary of the overview after each survey that changed it. False, because it costs something every quarter of an hour."""

    model_max_seconds: Annotated[float, Field(gt=0, le=3_600)] = 60.0
    """How long a ticket waits for the model; after that the offline answer stands."""

    model_max_requests: Annotated[int, Field(ge=1, le=100)] = 12
    """Requests to the model for one ticket; each may call several tools."""

    model_max_tokens: Annotated[int, Field(ge=1_000)] = 100_000
    """Tokens, read and written, for one ticket."""

    model_max_usd: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    """US dollars for one ticket; binds where the model's price is known."""

    model_max_tokens_a_day: Annotated[int, Field(ge=1_000)] = 5_000_000
    """Tokens in any 24 hours, over all tickets and documents. Tickets that are worked on at the same time may go beyond it by what each of them may spend."""

    model_max_usd_a_day: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 25.0
    """US dollars in any 24 hours; binds where the model's price is known."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """DEBUG, INFO, WARNING or ERROR."""

    @model_validator(mode="after")
    def _logins_are_complete(self) -> "Settings":
        if self.oidc_issuer is not None and not (self.oidc_audience and self.oidc_roles):
            raise ValueError(
                "DATACENTER_DOCS_OIDC_ISSUER needs DATACENTER_DOCS_OIDC_AUDIENCE and DATACENTER_DOCS_OIDC_ROLES too"
            )
        if self.oidc_issuer is not None and not self.authentication:
            raise ValueError(
                "DATACENTER_DOCS_OIDC_ISSUER is given, and DATACENTER_DOCS_AUTHENTICATION is not true"
            )
        if self.tls_key is not None and self.tls_certificate is None:
            raise ValueError("DATACENTER_DOCS_TLS_KEY needs DATACENTER_DOCS_TLS_CERTIFICATE too")
        return self

    @model_validator(mode="after")
    def _weights_sum_to_one(self) -> "Settings":
        total = (
            self.weight_ai_confidence
            + self.weight_human_feedback
            + self.weight_success_history
            + self.weight_pattern_match
        )
        if abs(total - 1) > 1e-9:
            raise ValueError(
                f"the four DATACENTER_DOCS_WEIGHT_... settings must sum to 1, not {total:g}"
            )
        return self

    @property
    def promises(self) -> dict[str, timedelta]:
        """How old the readings may be that a section stands on; `default` for those that are not named."""
        given = {"default": 60.0, **self.document_promise_minutes}
        return {section: timedelta(minutes=minutes) for section, minutes in given.items()}

    @property
    def database_file(self) -> Path:
        """Where the embedded database lives."""
        return (self.data_dir / "datacenter-docs.sqlite").absolute()

    @property
    def world_file(self) -> Path:
        """Where the simulated datacenter lives."""
        return (self.data_dir / "world.sqlite").absolute()

    @property
    def url(self) -> str:
        """The database URL that is used."""
        return self.database_url or f"sqlite:///{self.database_file}"
