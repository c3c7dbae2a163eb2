"""YAML from files of the owner and from answers of third parties: a text that breaks PyYAML in any way is a `ValueError`.

PyYAML raises whatever its constructors raise, and an alias lets a text of one page stand for billions of values.
"""

from typing import Any

import yaml


class _Plain(yaml.SafeLoader):
    """Knows no aliases: what a server answers has none."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise ValueError("it holds an alias")
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


def loaded(text: str, *, aliases: bool) -> Any:
    """The values. `aliases`: whether the writer is trusted to use them. Raises `ValueError` with what is wrong."""
    try:
        return yaml.load(text, yaml.SafeLoader if aliases else _Plain)  # noqa: S506 - both are safe loaders
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    except (TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"a value in it is none: {type(error).__name__}") from error
