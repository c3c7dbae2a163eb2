"""Policies in the database: one row per version, never changed but for the mark which one is current."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from datacenter_docs.adapters.persistence import chain
from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.papers import to_text
from datacenter_docs.adapters.persistence.tables import in_force, policies
from datacenter_docs.domain.audit import Entry
from datacenter_docs.domain.errors import Conflict, NotFound
from datacenter_docs.domain.policy import Policy
from datacenter_docs.domain.values import content_hash
from datacenter_docs.ports.policies import PolicyVersion

_IN_FORCE = select(policies.c.content).where(
    in_force, policies.c.category == bindparam("category")
)


class SqlPolicyStore:
    """The owner's rules."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def for_category(self, category: str) -> Policy | None:
        wanted = {"category": category}
        text = await self._database.read(lambda c: c.scalar(_IN_FORCE, wanted))
        return None if text is None else Policy.model_validate_json(text)

    async def get(self, name: str, version: int | None = None) -> PolicyVersion:
        query = select(policies).where(policies.c.name == name)
        if version is None:
            query = query.where(policies.c.current, ~policies.c.deleted)
        else:
            query = query.where(policies.c.version == version)
        row = await self._database.read(lambda c: c.execute(query).mappings().one_or_none())
        if row is None:
            which = "" if version is None else f" in version {version}"
            raise NotFound(f"There is no policy {name}{which}.")
        return _version(row)

    async def list_current(self) -> Sequence[PolicyVersion]:
        query = (
            select(policies)
            .where(policies.c.current, ~policies.c.deleted)
            .order_by(policies.c.name)
        )
        rows = await self._database.read(lambda c: c.execute(query).mappings().all())
        return [_version(row) for row in rows]

    async def versions(self, name: str) -> Sequence[PolicyVersion]:
        query = select(policies).where(policies.c.name == name)
        newest_first = query.order_by(policies.c.version.desc())
        rows = await self._database.read(lambda c: c.execute(newest_first).mappings().all())
        if not rows:
            raise NotFound(f"There is no policy {name}.")
        return [_version(row) for row in rows]

    async def put(
        self, policy: Policy, *, author: str, at: datetime, entry: Entry
    ) -> PolicyVersion:
        def store(connection: Connection) -> PolicyVersion:
            current = _current(connection, policy.name)
            if current and not current.deleted and current.policy == policy:
                return current
            if policy.enabled:
                _check_category(connection, policy)
            version = _next(current, policy, author=author, at=at)
            _insert(connection, version)
            chain.append(connection, [entry])
            return version

        return await self._database.writer.run(store)

    async def delete(self, name: str, *, author: str, at: datetime, entry: Entry) -> None:
        def store(connection: Connection) -> None:
            current = _current(connection, name)
            if current is None or current.deleted:
                raise NotFound(f"There is no policy {name}.")
            version = _next(current, current.policy, author=author, at=at, deleted=True)
            _insert(connection, version)
            chain.append(connection, [entry])

        await self._database.writer.run(store)


def _current(connection: Connection, name: str) -> PolicyVersion | None:
    query = select(policies).where(policies.c.name == name, policies.c.current)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _version(row)


def _check_category(connection: Connection, policy: Policy) -> None:
    query = select(policies.c.name).where(in_force, policies.c.category == policy.category)
    other = connection.scalar(query.where(policies.c.name != policy.name))
    if other is not None:
        raise Conflict(
            f"Policy {other} is enabled for category {policy.category} already: disable or delete it first.",
            {"name": (other, policy.name)},
        )


def _next(
    current: PolicyVersion | None,
    policy: Policy,
    *,
    author: str,
    at: datetime,
    deleted: bool = False,
) -> PolicyVersion:
    return PolicyVersion(
        policy=policy,
        version=current.version + 1 if current else 1,
        content_hash=content_hash(policy.model_dump(mode="json")),
        author=author,
        changed_at=at,
        deleted=deleted,
    )


def _insert(connection: Connection, version: PolicyVersion) -> None:
    """Add it as the current one."""
    name = version.policy.name
    connection.execute(
        update(policies).where(policies.c.name == name, policies.c.current).values(current=False)
    )
    connection.execute(
        insert(policies).values(
            name=name,
            version=version.version,
            category=version.policy.category,
            enabled=version.policy.enabled,
            deleted=version.deleted,
            current=True,
            content=to_text(version.policy),
            content_hash=version.content_hash,
            author=version.author,
            changed_at=version.changed_at,
        )
    )


def _version(row: RowMapping) -> PolicyVersion:
    return PolicyVersion(
        policy=Policy.model_validate_json(row["content"]),
        version=row["version"],
        content_hash=row["content_hash"],
        author=row["author"],
        changed_at=row["changed_at"],
        deleted=row["deleted"],
    )
