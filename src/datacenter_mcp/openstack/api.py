"""Asks a cloud for one thing, or for all of a kind: which service, which path, which shape, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from datacenter_mcp.contract.errors import (
    Broken,
    InvalidRequest,
    NotFound,
    Refused,
    Unavailable,
    Unsupported,
)
from datacenter_mcp.openstack import answers
from datacenter_mcp.openstack.session import Said, Session
from datacenter_mcp.readings import Answer, Reading, parsed

T = TypeVar("T", bound=Answer)
U = TypeVar("U")
Raw = dict[str, Any]
RAW: TypeAdapter[Raw] = TypeAdapter(Raw)


@dataclass(frozen=True)
class Collection(Generic[T]):
    """Where the things of a kind are, and what they look like. `key`, `one`: the names that the service wraps a list and a
    single thing in; `one` None: it stands bare. `listed`: the path of a list with all its details. `paged`: it comes in
    pages.
    """

    service: str
    path: str
    key: str
    one: str | None
    shape: type[T]
    listed: str = ""
    paged: bool = True


SERVERS = Collection("compute", "/servers", "servers", "server", answers.Server, "/servers/detail")
FLAVORS = Collection("compute", "/flavors", "flavors", "flavor", answers.Flavor, "/flavors/detail")
HYPERVISORS = Collection("compute", "/os-hypervisors", "hypervisors", "hypervisor",
                         answers.Hypervisor, "/os-hypervisors/detail")  # fmt: skip
NOVA_SERVICES = Collection("compute", "/os-services", "services", None, answers.Service, paged=False)  # fmt: skip
CINDER_SERVICES = Collection("volume", "/os-services", "services", None, answers.Service, paged=False)  # fmt: skip
AGENTS = Collection("network", "/agents", "agents", "agent", answers.Agent)
PROJECTS = Collection("identity", "/projects", "projects", "project", answers.Project, paged=False)
DOMAINS = Collection("identity", "/domains", "domains", "domain", answers.Named, paged=False)
IMAGES = Collection("image", "/images", "images", None, answers.Image)
NETWORKS = Collection("network", "/networks", "networks", "network", answers.Network)
SUBNETS = Collection("network", "/subnets", "subnets", "subnet", answers.Subnet)
PORTS = Collection("network", "/ports", "ports", "port", answers.Port)
VOLUMES = Collection("volume", "/volumes", "volumes", "volume", answers.Volume, "/volumes/detail")


def actions_of(server: str) -> Collection[answers.ActionEntry]:
    """The action log of an instance."""
    return Collection("compute", f"/servers/{server}/os-instance-actions", "instanceActions",
                      "instanceAction", answers.ActionEntry, paged=False)  # fmt: skip


class Api:
    """One cloud's things."""

    def __init__(self, session: Session, page_size: int) -> None:
        self._session = session
        self._page_size = page_size

    async def project_id(self) -> str:
        """The project that we are logged in to."""
        return await self._session.project_id()

    async def one(self, where: Collection[T], own: str) -> Reading[T]:
        """One thing, read now. Raises `NotFound`, also where the service says that nothing can be called so."""
        path = f"{where.path}/{quote(own)}"
        try:
            text = _text(await self._session.get(where.service, path))
        except InvalidRequest as error:
            if error.report.sent is False:  # not the service's word: our settings are wrong
                raise
            raise NotFound(error.report.message) from error
        answer = parsed(RAW, text, path)
        inner = answer if where.one is None else answer.get(where.one)
        value = _shaped(TypeAdapter(where.shape), inner, path)
        return Reading(value, _tool(where.service, path), text)

    async def some(
        self, where: Collection[T], query: Mapping[str, Any] | None = None
    ) -> Sequence[Reading[Sequence[T]]]:
        """All of a kind, page by page."""
        path, asked = where.listed or where.path, dict(query or {})
        if where.paged:
            asked["limit"] = self._page_size
        found: list[Reading[Sequence[T]]] = []
        while True:
            text = _text(await self._session.get(where.service, path, asked))
            items, more = _page(where, text)
            found.append(Reading(items, _tool(where.service, path), text, dict(asked)))
            if not (more and items and where.paged):
                return found
            asked["marker"] = getattr(items[-1], "id", "")

    async def every(self, where: Collection[T], query: Mapping[str, Any] | None = None) -> list[T]:
        """All of a kind, without where they were read."""
        return [item for page in await self.some(where, query) for item in page.value]

    async def offered(
        self, where: Collection[T], query: Mapping[str, Any] | None = None
    ) -> list[T] | None:
        """Things that not every cloud has or shows. None where the service is not there, does not answer, or they are not
        for us: nothing else may fail for want of them.
        """
        try:
            return await self.every(where, query)
        except (NotFound, Refused, Unavailable, Unsupported):
            return None

    async def raw(self, service: str, path: str, query: Mapping[str, Any]) -> Reading[Raw]:
        """An answer whose keys are data."""
        text = _text(await self._session.get(service, path, query))
        value = parsed(RAW, text, path)
        return Reading(value, _tool(service, path), text, dict(query))

    async def order(self, server: str, action: Mapping[str, Any]) -> str | None:
        """Have something done to an instance; by which id the action log knows it."""
        path = f"/servers/{quote(server)}/action"
        return (await self._session.post("compute", path, dict(action))).request_id


def _page(where: Collection[T], text: str) -> tuple[list[T], bool]:
    """The things of a page, and whether there is another one: each service says so in its own way."""
    answer = parsed(RAW, text, where.path)
    links = answer.get(f"{where.key}_links") or []
    more = bool(answer.get("next")) or any(
        isinstance(link, dict) and link.get("rel") == "next" for link in links
    )
    shape: TypeAdapter[list[T]] = TypeAdapter(list[where.shape])  # type: ignore[name-defined]
    return _shaped(shape, answer.get(where.key), where.path), more


def _shaped(shape: TypeAdapter[U], value: Any, what: str) -> U:
    """A part of an answer as a value. Raises `Broken`."""
    try:
        return shape.validate_python(value)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "the whole answer"
        raise Broken(f"{what} answered something else than expected (at {where}).") from error


def _text(said: Said) -> str:
    return said.body.decode("utf-8", "replace")


def _tool(service: str, path: str) -> str:
    return f"GET {service} {path}"
