"""What people wrote on a thing, as far as it says that nobody shall touch it. It can only make us more careful."""

import re

HANDS_OFF = "hands_off"
"""The hazard of a target whose description says so."""

SAID = re.compile(
    r"\b(maintenance|do not (enable|touch|use)|don't (enable|touch|use)|hands off|keep (down|shut)"
    r"|quarantined?|decommissioned|shut on purpose)\b",
    re.IGNORECASE,
)


def hands_off(description: object) -> bool:
    """Whether a description tells to leave the thing alone; what is no text tells nothing."""
    return isinstance(description, str) and SAID.search(description) is not None
