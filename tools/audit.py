"""Asks whether a known weakness is in what the lock files name: `python -m tools.audit PIP_AUDIT LOCK...`, or `make audit`.

pip-audit says "no known vulnerabilities" and ends with 0 also where it could ask about nothing; here that is a failure of its
own. Exit codes: 0 all was asked about and nothing is known · 1 something is known · 2 something could not be asked about, which
`--where-reachable` only tells.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

KNOWN, UNASKED = 1, 2


class Verdict(NamedTuple):
    """What pip-audit found. `weak`: one sentence for each weakness; `unasked`: packages that nobody answered about."""

    asked: int
    weak: list[str]
    unasked: list[str]

    @property
    def code(self) -> int:
        """A weakness counts more than what is not known; nothing asked about at all is no good news."""
        if self.weak:
            return KNOWN
        return UNASKED if self.unasked or not self.asked else 0


def judged(report: Any) -> Verdict:
    """What a report of pip-audit, as JSON, says."""
    asked, weak, unasked = 0, [], []
    for package in report["dependencies"]:
        if "skip_reason" in package:
            unasked.append(package["name"])
            continue
        asked += 1
        for one in package["vulns"]:
            cure = ", ".join(one["fix_versions"]) or "no version"
            weak.append(f"{package['name']} {package['version']}: {one['id']}, cured by {cure}")
    return Verdict(asked, weak, unasked)


def audited(program: str, lock: str) -> Verdict:
    """Ask about one lock file. What pip-audit cannot even begin is as good as not asked."""
    done = subprocess.run(  # noqa: S603 (what the Makefile names)
        [program, "--requirement", lock, "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "10", "--format", "json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        return judged(json.loads(done.stdout))
    except (ValueError, KeyError, TypeError):
        return Verdict(0, [], [f"all of it ({done.stderr.strip().splitlines()[-1:] or 'no answer'})"])  # fmt: skip


def told(lock: str, verdict: Verdict) -> str:
    """The sentences for people."""
    lines = [f"{lock}: asked about {verdict.asked} packages, {len(verdict.weak)} known weaknesses"]
    lines += [f"  {sentence}" for sentence in verdict.weak]
    if verdict.unasked or not verdict.asked:
        lines.append(f"  NOT AUDITED: {len(verdict.unasked)} packages. Nobody answers about them here; run it where a network is.")  # fmt: skip
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """The exit code over all lock files."""
    lenient = "--where-reachable" in arguments
    program, *locks = [one for one in arguments if not one.startswith("--")]
    codes = set()
    for lock in locks:
        verdict = audited(program, lock)
        sys.stdout.write(told(lock, verdict) + "\n")
        codes.add(verdict.code)
    if KNOWN in codes:
        return KNOWN
    return UNASKED if UNASKED in codes and not lenient else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
