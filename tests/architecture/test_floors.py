"""Imports run down the floors, never up: the contracts of `pyproject.toml`, as a test, so that none of them is forgotten."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.repository import BRAIN, ROOT, name_of, python_files, tree_of

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

    assert rooms
    assert {f"datacenter_mcp.{room}" for room in rooms} <= set(independent)


def imported(path: Path) -> set[str]:
    """The modules that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


STAGE = "src/datacenter_docs/entrypoints/demo/"
"""Moves the simulated world's scenery (what is broken, what time it is), for which the contract has no words on purpose."""
OF_THE_STAGE = ("datacenter_mcp.demo.", "datacenter_mcp.serving.", "datacenter_mcp.contract.")


def test_the_brain_meets_the_hands_over_the_contract_only():
    """All of the hands but the contract, also what no contract of the linter lists. The demo's stage is the one exception."""
    met = {
        (name_of(path), module)
        for path in python_files("src/datacenter_docs")
        for module in imported(path)
        if module.split(".")[0] == "datacenter_mcp"
    }

    assert met
    assert {
        (file, module)
        for file, module in met
        if not (
            module.startswith(OF_THE_STAGE)
            if file.startswith(STAGE)
            else "/adapters/platforms/" in file and module.startswith("datacenter_mcp.contract.")
        )
    } == set()


def test_the_contract_stands_on_nothing():
    own = {
        (name_of(path), module)
        for path in python_files("src/datacenter_mcp/contract")
        for module in imported(path)
        if module.startswith("datacenter_") and not module.startswith("datacenter_mcp.contract.")
    }

    assert own == set()


def test_the_domain_imports_no_library_but_pydantic():
    allowed = set(sys.stdlib_module_names) | {"pydantic", "pydantic_core", "datacenter_docs"}
    strange = {
        (name_of(path), module)
        for path in python_files("src/datacenter_docs/domain")
        for module in imported(path)
        if module.split(".")[0] not in allowed
    }

    assert strange == set()
