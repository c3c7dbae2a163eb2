"""Policies: what is accepted, what a window means, what a word is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.unit.domain.samples import PORT, policy

from datacenter_docs.domain.operations import ActionClass
from datacenter_docs.domain.policy import WEEK, Policy, window_open
from datacenter_docs.domain.presets import PRESETS
from datacenter_docs.domain.words import phrase

SEED = {
    "name": "network-auto-remediation",
    "category": "network",
    "min_confidence_score": 0.85,
    "min_reliability_score": 80.0,
    "min_similar_tickets": 5,
    "min_positive_feedback_rate": 0.8,
    "allowed_action_types": ["safe_write"],
    "allowed_systems": ["network"],
    "forbidden_commands": ["delete", "format", "shutdown"],
    "allowed_hours_start": 22,
    "allowed_hours_end": 6,
    "allowed_days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "requires_approval": True,
    "auto_approve_threshold": 90.0,
    "approvers": ["admin@company.com"],
    "max_actions_per_hour": 10,
    "requires_rollback_plan": True,
    "requires_backup": True,
    "enabled": True,
}


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_the_policy_of_the_seed_is_accepted():
    loaded = Policy.model_validate(SEED)

    assert loaded.allowed_action_types == (ActionClass.SAFE_WRITE,)
    assert loaded.time_zone == "UTC"


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": ""},
        {"time_zone": "../etc/passwd"},
        {"time_zone": "Europe"},
        {"allowed_days": ["someday"]},
        {"allowed_days": [1]},
        {"allowed_hours_start": 25},
        {"allowed_hours_end": -1},
        {"min_reliability_score": float("nan")},
        {"auto_approve_threshold": 101},
        {"forbidden_commands": ["--"]},
        {"allowed_systems": [""]},
        {"colour": "blue"},
    ],
)
def test_nonsense_is_refused(wrong):
    with pytest.raises(ValidationError):
        Policy.model_validate({**SEED, **wrong})


def test_weekdays_may_be_written_in_any_case():
    assert policy(allowed_days=(" Monday", "FRIDAY")).allowed_days == ("monday", "friday")


def test_the_hash_covers_every_field():
    assert policy().content_hash == policy().content_hash
    assert policy().content_hash != policy(max_actions_per_hour=9).content_hash
    assert policy().replaced(name="other").content_hash == policy(name="other").content_hash


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-03-06T21:59", False),
        ("2026-03-06T22:00", True),  # a Friday
        ("2026-03-07T05:59", True),  # Saturday, still the night of Friday
        ("2026-03-07T06:00", False),
        ("2026-03-07T22:00", False),
        ("2026-03-09T05:00", False),  # Monday, but the night of Sunday
        ("2026-03-09T22:30", True),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_starts(moment, is_open):
    assert window_open(Policy.model_validate(SEED), at(moment)) is is_open


@pytest.mark.parametrize(
    ("start", "end", "moment", "is_open"),
    [
        (9, 17, "2026-03-04T09:00", True),
        (9, 17, "2026-03-04T17:00", False),
        (22, 24, "2026-03-04T23:59", True),
        (0, 24, "2026-03-04T00:00", True),
        (0, 0, "2026-03-04T13:00", True),
        (5, 5, "2026-03-04T04:00", True),
        (24, 6, "2026-03-04T05:00", True),
        (24, 6, "2026-03-04T23:00", False),
    ],
)
def test_the_hours_of_a_window(start, end, moment, is_open):
    subject = policy(allowed_hours_start=start, allowed_hours_end=end)

    assert window_open(subject, at(moment)) is is_open


def test_all_day_still_needs_the_day():
    subject = policy(allowed_hours_start=0, allowed_hours_end=0, allowed_days=("monday",))

    assert not window_open(subject, at("2026-03-04T12:00"))


def test_the_window_is_meant_in_the_policys_time_zone_and_follows_its_clock_changes():
    subject = policy(allowed_hours_start=2, allowed_hours_end=3, time_zone="Europe/Rome")

    assert window_open(subject, datetime(2026, 3, 28, 1, 30, tzinfo=UTC))
    skipped = [datetime(2026, 3, 29, 0, tzinfo=UTC) + timedelta(minutes=m) for m in range(240)]
    assert not any(window_open(subject, moment) for moment in skipped)
    twice = [datetime(2026, 10, 25, 0, minute, tzinfo=UTC) for minute in range(60)]
    later = [moment + timedelta(hours=1) for moment in twice]
    assert all(window_open(subject, moment) for moment in twice + later)


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.integers(0, 24),
    st.integers(0, 24),
    st.sampled_from(["UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia"]),
)
def test_a_window_without_days_is_never_open_and_none_raises(moment, start, end, zone):
    hours = {"allowed_hours_start": start, "allowed_hours_end": end, "time_zone": zone}

    assert not window_open(policy(allowed_days=(), **hours), moment)
    assert window_open(policy(allowed_days=WEEK, **hours), moment) in (True, False)


@pytest.mark.parametrize(
    ("systems", "allowed"),
    [
        (("network",), True),
        (("NETWORK:Lab",), True),
        (("lab",), True),
        ((PORT,), True),
        (("network:lab:interface:r1",), True),
        (("network:",), True),
        ((), False),
        (("net",), False),
        (("network:la",), False),
        (("r1",), False),
        (("storage", "other"), False),
    ],
)
def test_a_system_is_an_id_or_the_beginning_of_one(systems, allowed):
    assert policy(allowed_systems=systems).allows_system(PORT) is allowed


@pytest.mark.parametrize(
    ("command", "text", "found"),
    [
        ("delete", "delete_snapshot", True),
        ("Delete", "please DELETE it", True),
        ("delete", "undeleted", False),
        ("rm -rf", "sudo rm -rf /", True),
        ("rm -rf", "rm -r -f /", False),
        ("rm rf", "farm rf", False),
        ("delete", "ｄｅｌｅｔｅ", True),
        ("delete", "de​lete", True),
        ("löschen", "Alles LÖSCHEN!", True),
    ],
)
def test_commands_are_whole_words(command, text, found):
    assert (phrase(command) in phrase(text)) is found


def test_the_presets_are_the_table_of_the_seed():
    table = {
        name: (preset.min_reliability_score, preset.auto_approve_threshold)
        for name, preset in PRESETS.items()
    }

    assert table == {
        "cache": (75.0, 85.0),
        "network": (85.0, 90.0),
        "storage": (90.0, 95.0),
        "security": (95.0, None),
    }
    assert {name for name, preset in PRESETS.items() if preset.use_lower_bound} == {
        "storage",
        "security",
    }
    assert all(preset.requires_approval for preset in PRESETS.values())
