"""The audit of dependencies: what could not be asked about is never good news."""

from pathlib import Path

import pytest
from tools.audit import KNOWN, UNASKED, Verdict, judged, main, told

SOUND = {"name": "sound", "version": "1", "vulns": []}
WEAK = {"name": "weak", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}
UNKNOWN = {"name": "unknown", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "code"),
    [
        ([SOUND], 0),
        ([SOUND, WEAK], KNOWN),
        ([WEAK, UNKNOWN], KNOWN),
        ([SOUND, UNKNOWN], UNASKED),
        ([UNKNOWN], UNASKED),
        ([], UNASKED),
    ],
)
def test_only_an_answer_about_everything_is_good_news(packages: list[object], code: int):
    assert judged({"dependencies": packages}).code == code


def test_a_weakness_is_told_with_its_cure_and_silence_is_told_loudly():
    text = told("a.lock", judged({"dependencies": [WEAK, UNKNOWN]}))

    assert "weak 2: CVE-1, cured by 3" in text
    assert "NOT AUDITED: 1 packages" in text
    assert "NOT AUDITED" in told("a.lock", Verdict(0, [], []))


@pytest.mark.parametrize(
    ("answer", "lenient", "code"),
    [
        ('{"dependencies": []}', False, UNASKED),
        ('{"dependencies": []}', True, 0),
        ("Traceback", False, UNASKED),
        (
            '{"dependencies": [{"name": "w", "version": "1", "vulns": [{"id": "X", "fix_versions": []}]}]}',
            True,
            KNOWN,
        ),
    ],
)
def test_the_exit_code_says_it_to_machines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: str, lenient: bool, code: int
):
    program = tmp_path / "pip-audit"
    program.write_text(f"#!/bin/sh\ncat <<'E'\n{answer}\nE\n")
    program.chmod(0o755)

    assert main([str(program), "some.lock", *(["--where-reachable"] if lenient else [])]) == code
    assert "some.lock" in capsys.readouterr().out
