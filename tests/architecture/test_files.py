"""What every file has to be: small, explained, finished, and free of the machine that it was written on."""

import ast
import re

import pytest
from tests.architecture.repository import committed, name_of, python_files, something, tree_of

MOST_LINES = 400
LONGER = {
    "tests/unit/domain/test_decision_invariants.py": "one search for situations that break a promise; to be parted",
}
"""Files that are longer, and why. An entry that is no longer needed fails."""

UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX")) + r")\b")
FOLDERS = "|".join(("ro" + "ot", "ho" + "me", "wo" + "rk"))
MACHINE = re.compile(rf"(?<![\w.~-])/({FOLDERS})(?=[/\s\"'`)]|$)", re.MULTILINE)
INDICES = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs", "org"))
]
"""Put together here, so that this file does not name them."""
NAMES_A_MACHINE = {
    "tests/peers/netlab.py": "the login folder of an account that the lab makes itself",
}
ALL_PYTHON = ("src", "tests", "benchmarks", "tools")


def is_empty_door(tree: ast.Module) -> bool:
    """Whether an `__init__` holds nothing but words, imports and `__all__`."""
    return all(
        isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (
            isinstance(node, ast.Assign)
            and [ast.unparse(target) for target in node.targets] == ["__all__"]
        )
        for node in tree.body
    )


def prints(tree: ast.Module) -> list[int]:
    """The lines on which something is printed past the log and the terminal's own module."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "pprint")
    ]


def test_no_python_file_is_longer_than_people_read():
    too_long = {
        name_of(path): lines
        for path in python_files(*ALL_PYTHON)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }

    assert too_long.keys() == LONGER.keys(), too_long


def test_every_module_says_why_it_exists():
    silent = [name_of(p) for p in python_files(*ALL_PYTHON) if not ast.get_docstring(tree_of(p))]

    assert silent == []


def test_no_door_holds_logic():
    doors = something([p for p in python_files("src", "tests") if p.name == "__init__.py"])

    assert [name_of(path) for path in doors if not is_empty_door(tree_of(path))] == []


def test_nothing_in_the_product_prints():
    found = {name_of(p): lines for p in python_files("src") if (lines := prints(tree_of(p)))}

    assert found == {}


def test_nothing_is_left_unfinished():
    found = {name_of(p) for p in committed() if UNFINISHED.search(p.read_text("utf-8"))}

    assert found == set()


def test_no_file_names_a_path_of_the_machine_it_was_written_on():
    found = {name_of(p) for p in committed() if MACHINE.search(p.read_text("utf-8"))}

    assert found == NAMES_A_MACHINE.keys()


def test_no_file_names_a_package_index():
    """Where packages come from is the business of whoever installs; the lock files hold hashes."""
    found = {
        name_of(p) for p in committed() if any(index in p.read_text("utf-8") for index in INDICES)
    }

    assert found == set()


@pytest.mark.parametrize("text", ["cd /" + "work/wt", '"/' + 'root"', "(/" + "home/somebody)"])
def test_the_guard_of_machine_paths_sees_them(text: str):
    assert MACHINE.search(text)


@pytest.mark.parametrize("text", ["ALL=(root)", "docs/work/x", "~/work", "/homes", "a/root"])
def test_the_guard_of_machine_paths_takes_nothing_else_for_one(text: str):
    assert not MACHINE.search(text)


def test_the_guard_of_doors_sees_logic():
    assert not is_empty_door(ast.parse('"""A door."""\nx = 1\n'))
    assert is_empty_door(ast.parse('"""A door."""\nfrom a import b\n\n__all__ = ["b"]\n'))


def test_the_guard_of_printing_sees_it():
    assert prints(ast.parse("def f():\n    print(1)\n")) == [2]


def test_a_guard_that_sees_nothing_fails():
    with pytest.raises(AssertionError, match="guards nothing"):
        something([])
