"""How values are said to people: units from the attribute's name, nothing made up."""

import pytest

from datacenter_docs.domain.speaking import label, spoken


@pytest.mark.parametrize(
    ("attribute", "value", "said"),
    [
        ("size_bytes", 0, "0 B"),
        ("size_bytes", 1_023, "1,023 B"),
        ("size_bytes", 1_536, "1.5 KiB"),
        ("size_bytes", 4_398_046_511_104, "4 TiB"),
        ("mtu_bytes", 9_000, "9,000 bytes"),
        ("memory_mib", 4_096, "4 GiB"),
        ("usage_ratio", 0.9, "90 %"),
        ("usage_ratio", 0.055, "5.5 %"),
        ("uptime_seconds", 90, "90 s"),
        ("uptime_seconds", 86_400 * 40, "40 days"),
        ("speed_mbps", 10_000, "10,000 Mbit/s"),
        ("booted_at", "2026-01-03T23:45:39+00:00", "2026-01-03 23:45 UTC"),
        ("booted_at", "soon", "soon"),
        ("cpu_count", 8, "8"),
        ("vlan_id", 10, "10"),
        ("ready", True, "yes"),
        ("ready", False, "no"),
        ("notes", None, "not known"),
        ("notes", "", "empty"),
        ("addresses", ["10.0.0.1", None], "10.0.0.1, not known"),
        ("addresses", [], "none"),
    ],
)
def test_a_value_is_said_in_the_unit_of_its_attribute(attribute, value, said):
    assert spoken(attribute, value) == said


@pytest.mark.parametrize(
    ("attribute", "called"),
    [
        ("memory_total_bytes", "memory total"),
        ("host_id", "host"),
        ("mac_addresses", "MAC addresses"),
        ("rx_errors", "received errors"),
        ("_name", "name"),
        ("seconds", "seconds"),
    ],
)
def test_an_attribute_is_called_without_its_unit(attribute, called):
    assert label(attribute) == called
