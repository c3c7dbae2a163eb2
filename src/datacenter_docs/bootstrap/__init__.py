"""Floor 5: the ONE place that knows which adapter serves which port. Everything else gets what it needs as arguments."""

from datacenter_docs.adapters.memory import settle_memory
from datacenter_docs.adapters.platforms.secrets import resolve as resolve_secret
from datacenter_docs.adapters.reasoning.library import load_all as all_runbooks
from datacenter_docs.adapters.reasoning.library import read as read_runbook
from datacenter_docs.adapters.telemetry.logs import configure_logging
from datacenter_docs.adapters.yaml_text import BrokenYamlError
from datacenter_docs.adapters.yaml_text import read as read_yaml
from datacenter_docs.bootstrap.admitting import open_issuing
from datacenter_docs.bootstrap.backing import back_up, restore
from datacenter_docs.bootstrap.configuring import read_settings, wall_clock
from datacenter_docs.bootstrap.house import House, wire
from datacenter_docs.bootstrap.opening import (
    open_house,
    open_rehearsal,
    open_resolver,
    verify_journal,
)

__all__ = [
    "BrokenYamlError",
    "House",
    "all_runbooks",
    "back_up",
    "configure_logging",
    "open_house",
    "open_issuing",
    "open_rehearsal",
    "open_resolver",
    "read_runbook",
    "read_settings",
    "read_yaml",
    "resolve_secret",
    "restore",
    "settle_memory",
    "verify_journal",
    "wall_clock",
    "wire",
]
