"""Imports run down the floors, never up: the contracts of `pyproject.toml`, as a test, so that none of them is forgotten."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.repository import BRAIN, ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "contracts"
]
LINTER = Path(sys.executable).parent / "lint-imports"


def test_every_contract_is_kept():
    told = subprocess.run([LINTER], cwd=ROOT, capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in told.stdout


def test_the_floors_name_every_package_of_the_brain():
    """Exhaustive, so that a new package has to be put on a floor."""
    floors = next(contract for contract in CONTRACTS if contract["type"] == "layers")
    named = {name.strip() for layer in floors["layers"] for name in layer.split("|")}
    there = {
        path.stem
        for path in BRAIN.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }

    assert floors["exhaustive"] is True
    assert named == there - {"__init__"}


def test_every_room_is_independent_of_the_others():
    independent = next(c for c in CONTRACTS if c["type"] == "independence")["modules"]
    rooms = {path.parent.name for path in (ROOT / "src" / "datacenter_mcp").glob("*/room.py")}

    assert {f"datacenter_mcp.{room}" for room in rooms} == set(independent)
