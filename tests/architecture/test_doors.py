"""Where everything may be caught: at named doors, each with its reason. Anywhere else a bug has to stay visible."""

import ast

import pytest
from tests.architecture.repository import name_of, python_files, tree_of

DOORS = {
    "src/datacenter_docs/workflows/steps.py": "a bug in one ticket's step ends that ticket, not the worker",
    "src/datacenter_docs/entrypoints/cli/main.py": "a person gets a sentence, never a traceback",
    "src/datacenter_docs/adapters/reasoning/model/asking.py": "a stranger's bytes in libraries of third parties cost the second opinion alone",
    "src/datacenter_docs/adapters/persistence/writer.py": "what one caller's work raises belongs to that caller",
    "src/datacenter_docs/adapters/persistence/readers.py": "as in the writer",
}
"""Files that catch everything. The API's door is a handler, registered instead of caught: see the test below. The MCP
servers have none: their library hands over what a tool raised (`serving.py`)."""
ALL = {"Exception", "BaseException"}


def broad_catches(tree: ast.Module) -> list[int]:
    """The lines on which everything is caught and kept. A handler that ends by raising the same again keeps nothing."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and not _raises(node))
        or (isinstance(node, ast.Call) and _suppresses_all(node))
    ]


def _is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_is_broad(one) for one in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id in ALL)


def _raises(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _suppresses_all(call: ast.Call) -> bool:
    named = (
        call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    )
    return named == "suppress" and any(_is_broad(argument) for argument in call.args)


def test_everything_is_caught_at_the_named_doors_only():
    found = {name_of(p) for p in python_files("src") if broad_catches(tree_of(p))}

    assert found == DOORS.keys()


def test_the_api_has_one_handler_for_what_nobody_expected():
    path = next(p for p in python_files("src") if name_of(p).endswith("entrypoints/api/errors.py"))

    assert path.read_text("utf-8").count("add_exception_handler(Exception,") == 1


@pytest.mark.parametrize(
    "code",
    [
        "try: f()\nexcept: pass",
        "try: f()\nexcept Exception: pass",
        "try: f()\nexcept (ValueError, BaseException) as e: log(e)",
        "with contextlib.suppress(Exception): f()",
        "with suppress(BaseException): f()",
    ],
)
def test_the_guard_sees_what_catches_everything(code: str):
    assert broad_catches(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "try: f()\nexcept ValueError: pass",
        "try: f()\nexcept BaseException:\n    clean()\n    raise",
        "with suppress(OSError): f()",
    ],
)
def test_the_guard_leaves_the_rest_alone(code: str):
    assert not broad_catches(ast.parse(code))
