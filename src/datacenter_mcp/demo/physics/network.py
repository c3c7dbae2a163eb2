"""Links are up when both ends are; what is spoken over a link stands and falls with it."""

from datacenter_mcp.demo.things import parts
from datacenter_mcp.demo.view import Rules, Seen, View

UP, DOWN = "up", "down"


def is_up(view: View, port: str) -> bool:
    """Whether an interface does its work: enabled, not stuck, its cable whole, and the other end alive."""
    peer = view.own(port, "_peer")
    return _is_able(view, port) and (not isinstance(peer, str) or _is_alive(view, peer))


def _oper_state(view: View, key: str) -> Seen:
    return UP if is_up(view, key) else DOWN


def _speed(view: View, key: str) -> Seen:
    return view.own(key, "speed_mbps") if is_up(view, key) else None


def _is_able(view: View, port: str) -> bool:
    return (
        view.own(port, "admin_state") == UP
        and not view.own(port, "_stuck")
        and not view.own(port, "_cut")
    )


def _is_alive(view: View, peer: str) -> bool:
    if parts(peer).kind == "interface":
        return _is_able(view, peer)
    if parts(peer).kind == "hypervisor":
        return not view.own(peer, "_down")
    return view.own(peer, "power_state") != "off" and not view.own(peer, "_down")


def _stands(view: View, key: str) -> bool:
    """Whether a neighbour is heard: the link is up, and it is not silent."""
    return is_up(view, view.text(key, "_over")) and not view.own(key, "_silent")


def _neighbour_state(view: View, key: str) -> Seen:
    if view.own(key, "protocol") == "bgp":
        return "Established" if _stands(view, key) else "Active"
    return UP if _stands(view, key) else DOWN


def _established(view: View, key: str) -> Seen:
    return _stands(view, key)


def _prefixes(view: View, key: str) -> Seen:
    if view.own(key, "protocol") != "bgp":
        return None
    return view.own(key, "_prefixes") if _stands(view, key) else 0


RULES: Rules = {
    "network:interface": {"oper_state": _oper_state, "speed_mbps": _speed},
    "network:neighbour": {
        "state": _neighbour_state,
        "established": _established,
        "prefixes_received": _prefixes,
    },
}
