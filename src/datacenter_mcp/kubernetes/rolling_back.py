"""Goes back to an earlier revision of a deployment, as `kubectl rollout undo --to-revision` does.

Kubernetes gives a revision that is gone back to a new number: after going from 2 back to 1 there are 2 and 3, and 3 is
what 1 was. The replicaset of a revision remembers all numbers that it has had. So a revision is named here by any of
its numbers, and in `state` always by its first one, which it keeps: that is what makes a pre-state comparable with what
is seen after an undo, and what an undo can be asked for.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from datacenter_mcp.contract.errors import InvalidRequest, NotFound, Refused, RoomError
from datacenter_mcp.contract.reading import Look, Wire
from datacenter_mcp.ids import Naming
from datacenter_mcp.kubernetes import api, naming, wellness
from datacenter_mcp.kubernetes.answers import REVISION, REVISION_HISTORY
from datacenter_mcp.kubernetes.api import Api, unsent
from datacenter_mcp.kubernetes.changing import change_unless_changed, hazards, nobody
from datacenter_mcp.kubernetes.controllers import Workload
from datacenter_mcp.kubernetes.workloads import settled
from datacenter_mcp.readings import Reading
from datacenter_mcp.room import Effect, OperationSpec, State

HASH_LABEL = "pod-template-hash"
PREFIX = "deployment.kubernetes.io/"
OWN_ANNOTATIONS = frozenset(
    {
        REVISION,
        REVISION_HISTORY,
        f"{PREFIX}desired-replicas",
        f"{PREFIX}max-replicas",
        "deprecated.deployment.rollback.to",
        "kubectl.kubernetes.io/last-applied-configuration",
    }
)
"""Annotations that are about a deployment or replicaset itself; all others go along with a revision (why it was made)."""
Template = Mapping[str, Any]


class RollbackParameters(Wire):
    """`revision`: the number that the revision to go to has or has had."""

    revision: Annotated[int, Field(ge=1)]


ROLL_BACK = OperationSpec(
    "rollback_deployment",
    "Go back to an earlier revision of a deployment.",
    RollbackParameters,
    destructive=True,
)


class Revision(NamedTuple):
    """A kept revision: all its numbers, what its pods are made from, and its annotations."""

    numbers: frozenset[int]
    template: Template
    annotations: Mapping[str, str]

    @property
    def first(self) -> int:
        """The number that it got when it was made."""
        return min(self.numbers)


class Rollout(NamedTuple):
    """A deployment with its kept revisions. `current` None: its template is of no revision yet."""

    reading: Reading[Workload]
    template: Template
    revisions: Sequence[Revision]

    @property
    def item(self) -> Workload:
        return self.reading.value

    @property
    def current(self) -> Revision | None:
        return next((one for one in self.revisions if one.template == self.template), None)

    @property
    def state(self) -> State:
        return {"revision": self.current.first if self.current else None}

    def named(self, number: int) -> Revision | None:
        """The revision that has or has had a number; None: it is not kept."""
        return next((one for one in self.revisions if number in one.numbers), None)


async def look(cluster: Api, ids: Naming, target: str, wanted: RollbackParameters) -> Look:
    """`satisfied`: its pods are made from that revision's template, all of them, and all are ready."""
    namespace, name = naming.target(ids, target, "deployment")
    try:
        rollout = await _read(cluster, namespace, name)
    except NotFound as error:
        return await nobody(cluster, ids, namespace, error)
    there = rollout.current is not None and wanted.revision in rollout.current.numbers
    return Look(
        exists=True,
        satisfied=there and settled(rollout.item),
        state=rollout.state,
        hazards=hazards(namespace),
        health=wellness.workload(rollout.item),
        source=rollout.reading.source(ids.connection),
    )


async def act(
    cluster: Api, ids: Naming, target: str, wanted: RollbackParameters, *, dry_run: bool
) -> Effect:
    """Put the template of that revision in place, unless it is there already. Raises `InvalidRequest` for a revision
    that is not kept, `Refused` for a deployment that is paused, `Conflict` when somebody changed it meanwhile.
    """
    namespace, name = naming.target(ids, target, "deployment")
    try:
        rollout = await _read(cluster, namespace, name)
    except RoomError as error:
        raise unsent(error) from error
    revision = rollout.named(wanted.revision)
    if revision is None:
        kept = ", ".join(str(max(one.numbers)) for one in rollout.revisions)
        told = f"Revision {wanted.revision} of {name} is not kept; there are: {kept or 'none'}."
        raise InvalidRequest(told, sent=False)
    before = rollout.state
    if rollout.current == revision:
        return Effect(before, before, detail=f"{name} is at revision {wanted.revision} already")
    if rollout.item.spec.paused:
        raise Refused(f"{name} is paused: nothing would be rolled out.", sent=False)
    if dry_run:
        would = [f"Go with {name} from revision {before['revision']} to {wanted.revision}."]
        return Effect(before, before, would=would)
    await change_unless_changed(cluster, rollout.item, _steps(rollout.item, revision))
    return Effect(
        before,
        {"revision": revision.first},
        changed=True,
        detail=f"{name} goes back to revision {wanted.revision}",
    )


async def _read(cluster: Api, namespace: str, name: str) -> Rollout:
    """The deployment and its revisions, with templates exactly as the API server writes them."""
    reading = await cluster.one(api.DEPLOYMENTS, namespace, name)
    revisions: list[Revision] = []
    for page in await cluster.some(api.REPLICASETS, namespace):
        raw = json.loads(page.payload).get("items") or []
        for item, whole in zip(page.value, raw, strict=True):
            owner = item.metadata.controller
            if owner and owner.uid == reading.value.metadata.uid and item.metadata.revisions:
                meta = item.metadata
                revisions.append(Revision(meta.revisions, _template(whole), meta.annotations))
    ordered = sorted(revisions, key=lambda one: max(one.numbers))
    return Rollout(reading, _template(json.loads(reading.payload)), ordered)


def _template(whole: Mapping[str, Any]) -> Template:
    """The template of a deployment or replicaset, without the label that only the latter has."""
    template: dict[str, Any] = whole["spec"]["template"]
    meta = template.get("metadata", {})
    labels = {key: value for key, value in meta.get("labels", {}).items() if key != HASH_LABEL}
    return {**template, "metadata": {**meta, "labels": labels}}


def _steps(item: Workload, revision: Revision) -> Sequence[Mapping[str, Any]]:
    """The template of the revision, and the annotations that were made with it in place of those made since."""
    annotations = {
        **{key: text for key, text in item.metadata.annotations.items() if key in OWN_ANNOTATIONS},
        **{key: text for key, text in revision.annotations.items() if key not in OWN_ANNOTATIONS},
    }
    return [
        {"op": "replace", "path": "/spec/template", "value": revision.template},
        {"op": "add", "path": "/metadata/annotations", "value": annotations},
    ]
