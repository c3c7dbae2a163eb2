"""Wires who is let in: API tokens, and an identity provider where there is one."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from typing import NamedTuple

from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.adapters.logins.oidc import OidcProvider
from datacenter_docs.adapters.persistence.database import Database, open_database
from datacenter_docs.adapters.persistence.tokens.store import SqlTokenStore
from datacenter_docs.domain.access import Role
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.logins import LoginProvider
from datacenter_docs.services.authenticating import Authenticating
from datacenter_docs.services.issuing import Issuing
from datacenter_docs.services.throttling import Throttling
from datacenter_docs.settings import Settings


class Admission(NamedTuple):
    """`authenticating` None: there is no authentication."""

    authenticating: Authenticating | None
    issuing: Issuing


def admission(settings: Settings, database: Database, clock: Clock) -> Admission:
    """Over this database. Raises `Invalid` for an identity provider that may not be one."""
    store = SqlTokenStore(database)
    if not settings.authentication:
        return Admission(None, _issuing(store, clock, None))
    throttling = Throttling(clock, settings.login_failures_a_minute)
    authenticating = Authenticating(store, _provider(settings, clock), throttling, clock)
    return Admission(authenticating, _issuing(store, clock, authenticating))


@contextlib.asynccontextmanager
async def open_issuing(settings: Settings) -> AsyncIterator[Issuing]:
    """For whoever may open the database: tokens without a server, so that there can be a first one."""
    database = await asyncio.to_thread(open_database, settings.url)
    try:
        yield _issuing(SqlTokenStore(database), SystemClock(), None)
    finally:
        database.close()


def _issuing(store: SqlTokenStore, clock: Clock, told: Authenticating | None) -> Issuing:
    def changed(token_id: str) -> None:
        if told is not None:
            told.forget(token_id)

    return Issuing(store, clock, secrets.token_hex, changed)


def _provider(settings: Settings, clock: Clock) -> LoginProvider | None:
    if settings.oidc_issuer is None:
        return None
    return OidcProvider(
        settings.oidc_issuer,
        settings.oidc_audience or "",
        {group: Role(role) for group, role in settings.oidc_roles.items()},
        clock,
        name_claim=settings.oidc_name_claim,
        groups_claim=settings.oidc_groups_claim,
    )
