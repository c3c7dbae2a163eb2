"""Every port has a fake named like it, in a file named like its file, so that the pair is found without searching."""

import ast

from tests.architecture.repository import name_of, python_files, tree_of

ELSEWHERE = {
    "PlatformReader": "FakePlatform is both, since what is acted upon is what is read afterwards",
    "PlatformActuator": "FakePlatform is both, since what is acted upon is what is read afterwards",
    "Edition": "the real one only reads, so presses are tested with it over a fake estate",
    "Press": "the real ones write into a folder, which every test has",
    "Resolver": "the real one is deterministic and needs only a reader, so tests use it over a fake platform",
}
"""Ports without a fake of their own name, and why. An entry that is no longer true fails."""


def ports() -> dict[str, str]:
    """The Protocols, by name, and the name of the file that each is in."""
    files = python_files("src/datacenter_docs/ports")
    return {
        node.name: path.stem
        for path in files
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef) and "Protocol" in map(ast.unparse, node.bases)
    }


def fakes() -> dict[str, str]:
    """The fakes, by name, and the name of the file that each is in."""
    return {
        node.name: path.stem
        for path in python_files("tests/fakes")
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef) and node.name.startswith("Fake")
    }


def test_every_port_has_a_fake_named_like_it():
    made = fakes()
    wanted = {name: file for name, file in ports().items() if name not in ELSEWHERE}

    assert wanted
    assert {name: made.get(f"Fake{name}") for name in wanted} == wanted


def test_no_exception_is_out_of_date():
    there = ports()

    assert [name for name in ELSEWHERE if name not in there or f"Fake{name}" in fakes()] == []


def test_ports_hold_no_code():
    """A method of a Protocol is its docstring and an ellipsis."""
    bodies = {
        f"{name_of(path)}: {cls.name}.{method.name}"
        for path in python_files("src/datacenter_docs/ports")
        for cls in tree_of(path).body
        if isinstance(cls, ast.ClassDef) and "Protocol" in map(ast.unparse, cls.bases)
        for method in cls.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
        and not all(isinstance(line, ast.Expr) for line in method.body)
    }

    assert bodies == set()
