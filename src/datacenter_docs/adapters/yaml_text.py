"""YAML that people wrote, read so that nothing in it breaks its reader: every failure is a sentence with a line.

PyYAML raises whatever its constructors raise: for a date that there is not, a number of five thousand digits, a nest that
is too deep, an anchor that holds itself. Called by whoever has read a file. Pure.
"""

from collections.abc import Iterator
from typing import Any

import yaml

DEEPEST = 40
"""Levels of a nest. What people write has ten."""
MOST_NODES = 100_000
"""Values of a text, those behind aliases counted each time: a text of one page can stand for billions."""
RAISED = (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)  # fmt: skip
"""What PyYAML raises for a text that is none."""


class BrokenYamlError(Exception):
    """The text is no YAML that could be read. `line` counts from 1; the message is a sentence without its place."""

    def __init__(self, what: str, line: int = 1) -> None:
        super().__init__(what)
        self.line = line


def read(text: str) -> tuple[yaml.Node | None, Any]:
    """The nodes, which know their lines, and the values. Raises `BrokenYamlError`."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except RAISED as error:
        mark = getattr(error, "problem_mark", None)
        raise BrokenYamlError(f"is not valid YAML: {_said(error)}", _line(mark)) from error
    if node is not None:
        _check(node)
    try:
        return node, yaml.safe_load(text)
    except RAISED as error:
        mark = getattr(error, "problem_mark", None)
        raise BrokenYamlError(f"is not valid YAML: {_said(error)}", _line(mark)) from error


def _check(root: yaml.Node) -> None:
    """That it is small enough, and every value one: a constructor does not say where it failed."""
    waiting, met = [(root, 0)], 0
    while waiting:
        node, depth = waiting.pop()
        met += 1
        if depth > DEEPEST or met > MOST_NODES:
            what = (
                f"is nested deeper than {DEEPEST} levels" if depth > DEEPEST else "holds too much"
            )
            raise BrokenYamlError(what, _line(node.start_mark))
        if isinstance(node, yaml.ScalarNode):
            _check_value(node)
        waiting += [(one, depth + 1) for one in _below(node)]


def _below(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from pair
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value


def _check_value(node: yaml.ScalarNode) -> None:
    try:
        yaml.constructor.SafeConstructor().construct_object(node)
    except RAISED as error:
        kind = node.tag.rpartition(":")[2]
        what = f"{node.value[:40]!r} is read as a {kind} and is none: put it in quotes"
        raise BrokenYamlError(what, _line(node.start_mark)) from error


def _said(error: Exception) -> str:
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)


def _line(mark: yaml.Mark | None) -> int:
    return mark.line + 1 if mark else 1
