"""`python -m benchmarks.resolver [--scenarios DIR] [--only NAME] [--json]`: the resolver's figures beside their targets."""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.resolver.measuring import Measures, measures
from benchmarks.resolver.place import Places
from benchmarks.resolver.running import Result, run
from benchmarks.resolver.scenario import Scenario, load

OWN = Path(__file__).parent / "scenarios"
TARGETS = {
    "cause": ">= 0.85",
    "healed": ">= 0.80",
    "wrong_actions": "0",
    "made_worse": "0",
    "abstained_rightly": ">= 0.95",
    "median_seconds": "< 2",
}


async def run_all(scenarios: Sequence[Scenario]) -> Sequence[Result]:
    """Every ticket of every scenario, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        places = Places(Path(folder))
        await places.prepare()
        return [
            await run(places, scenario, words)
            for scenario in scenarios
            for words in scenario.tickets
        ]


def report(results: Sequence[Result]) -> dict[str, Measures]:
    """The measures of all, of each half, and of each kind of scenario."""
    groups = {"all": list(results)}
    groups |= {half: [r for r in results if r.half == half] for half in ("tuned", "held_out")}
    groups |= {
        f"kind: {kind}": [r for r in results if r.kind == kind]
        for kind in sorted({r.kind for r in results})
    }
    return {name: measures(some) for name, some in groups.items() if some}


def told(reports: dict[str, Measures]) -> str:
    """The figures as lines of text."""
    names = list(asdict(next(iter(reports.values()))))
    columns = [name for name in reports if not name.startswith("kind")]
    lines = [f"{'':20}" + "".join(f"{column:>12}" for column in columns) + "   target"]
    for name in names:
        values = "".join(f"{_number(getattr(reports[c], name)):>12}" for c in columns)
        lines.append(f"{name:20}{values}   {TARGETS.get(name, '')}".rstrip())
    lines.append("")
    lines += [
        f"{name:28} tickets {one.tickets:3}  cause {_number(one.cause)}  plan {_number(one.plan)}"
        f"  healed {_number(one.healed)}  wrong {one.wrong_actions}  abstained rightly {_number(one.abstained_rightly)}"
        for name, one in reports.items()
        if name.startswith("kind")
    ]
    return "\n".join(lines)


def failures(results: Sequence[Result]) -> Sequence[str]:
    """Tickets that did not end as they should, of the half that may be looked at."""
    return [
        f"{r.scenario}: {r.text[:90]!r} -> {r.found or 'not known'} on {r.about or '-'},"
        f" planned {list(r.planned)}, executed {list(r.executed)}, {r.state}"
        for r in results
        if r.half == "tuned"
        and (not r.cause_right or not r.plan_right or r.wrong_action or r.made_worse
             or r.healed is False or (r.should_abstain and not r.abstained))
    ]  # fmt: skip


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def main() -> None:
    """Run, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resolver", description=__doc__)
    parser.add_argument(
        "--scenarios", type=Path, default=OWN, help="a folder with other scenarios"
    )
    parser.add_argument("--only", default="", help="scenarios whose name has this in it")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    wanted = parser.parse_args()
    try:
        scenarios = [one for one in load(wanted.scenarios) if wanted.only in one.name]
    except ValueError as error:
        sys.exit(str(error))
    results = asyncio.run(run_all(scenarios))
    reports = report(results)
    if wanted.json:
        whole = {"scenarios": len(scenarios),
                 "measures": {name: asdict(one) for name, one in reports.items()},
                 "results": [asdict(one) for one in results]}  # fmt: skip
        sys.stdout.write(json.dumps(whole, indent=1) + "\n")
        return
    lines = [f"{len(scenarios)} scenarios", told(reports), *failures(results)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
