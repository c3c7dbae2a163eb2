"""Ids in paths that hold slashes themselves: how `<id>/history` stays apart from an id that ends in `/history`."""

from starlette.routing import Match
from starlette.types import Scope

from datacenter_docs.entrypoints.api.access import Guarded


class WholeIds(Guarded):
    """A route on which an encoded slash (`%2F`) is a part of the id, and only a plain one can begin the words after it.

    A server hands the path on with both of them decoded, so the path as it came decides.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        words = self.path.rpartition("}")[2]
        if not scope["raw_path"].endswith(words.encode("ascii")):
            return Match.NONE, {}
        return super().matches(scope)
