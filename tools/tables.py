"""Writes the tables of the documents that are drawn from the code: `python -m tools.tables`. A test compares them.

A table stands between two comments, `<!-- table: NAME -->` and `<!-- end -->`; what is around it is written by people.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from datacenter_docs.adapters.reasoning import library
from datacenter_docs.domain.access import LEAST_ROLE, MEANINGS, Permission, Role, at_least
from datacenter_docs.domain.catalogue import CATALOGUE
from datacenter_docs.domain.operations import Operation
from datacenter_docs.settings import Settings
from datacenter_mcp.bound.binding import SHIPPED, load
from datacenter_mcp.grades import SHOWN, Proof, proof

DOCS = Path(__file__).resolve().parents[1] / "docs"
PREFIX = str(Settings.model_config["env_prefix"])


def settings() -> str:
    """Every setting with its variable, its default and its meaning."""
    rows = []
    for name, field in Settings.model_fields.items():
        choices = getattr(field.validation_alias, "choices", None)
        variable = choices[0] if choices else f"{PREFIX}{name.upper()}"
        default = "none" if field.default is None else str(field.default)
        if isinstance(field.default, bool):
            default = default.lower()
        rows.append((f"`{variable}`", f"`{default}`", field.description or ""))
    return _table(("variable", "default", "meaning"), rows)


def operations() -> str:
    """Every operation of the catalogue that may be planned."""
    rows = [
        (
            f"`{entry.name}`",
            entry.platform,
            entry.target_kind,
            entry.base_class.removesuffix("_write"),
            _parameters(entry),
            _raised(entry),
            _inverse(entry),
            entry.verification,
            entry.blast_radius,
        )
        for entry in CATALOGUE.values()
        if entry.plannable
    ]
    titles = (
        "operation",
        "platform",
        "target",
        "class",
        "parameters",
        "raised or refused",
        "inverse",
        "how success is seen",
        "who notices",
    )
    return _table(titles, rows)


def inverses() -> str:
    """Every operation that exists only to undo another."""
    rows = [
        (f"`{entry.name}`", entry.platform, entry.target_kind, _parameters(entry), entry.summary)
        for entry in CATALOGUE.values()
        if not entry.plannable
    ]
    return _table(("operation", "platform", "target", "parameters", "what it does"), rows)


def runbooks() -> str:
    """Every runbook that ships with the product."""
    rows = [
        (
            f"`{book.name}`",
            " and ".join("one of " + ", ".join(group) for group in book.trigger.all_of),
            f"{book.platform} {book.target_kind}",
            "; ".join(
                f"{condition.attribute}{' (required)' if condition.required else ''}"
                for condition in book.conditions
            ),
            f"`{book.suggests.operation}`" if book.suggests else "nothing",
        )
        for book in library.load(library.SHIPPED)
    ]
    return _table(("runbook", "words", "looks at", "conditions on", "suggests"), rows)


def grades() -> str:
    """Every driver with its grade and what it offers."""
    bindings = [load(file.name.removesuffix(".yaml")) for file in SHIPPED.iterdir()]
    proofs = [
        *(proof(driver) for driver in SHOWN),
        *(Proof(f"bound {one.name}", one.shown) for one in bindings),
    ]
    rows = [
        (
            one.driver,
            one.grade,
            ", ".join(f"`{name}`" for name in sorted(one.operates)) or "nothing",
        )
        for one in proofs
    ]
    return _table(("driver", "grade", "offers"), rows)


def permissions() -> str:
    """Every permission, and which roles have it."""
    rows = [
        (
            f"`{permission}`",
            MEANINGS[permission],
            *("yes" if at_least(role, LEAST_ROLE[permission]) else "" for role in Role),
        )
        for permission in Permission
    ]
    return _table(("permission", "allows to", *Role), rows)


TABLES: Mapping[str, Callable[[], str]] = {
    "settings": settings,
    "operations": operations,
    "inverses": inverses,
    "runbooks": runbooks,
    "grades": grades,
    "permissions": permissions,
}
PLACE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(text: str) -> str:
    """A document with its tables drawn anew. Raises `KeyError` for a table that there is not."""
    return PLACE.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}{found[3]}", text)


def main() -> None:
    """Draw all tables of all documents anew."""
    for path in sorted(DOCS.rglob("*.md")):
        before = path.read_text(encoding="utf-8")
        if (after := filled(before)) != before:
            path.write_text(after, encoding="utf-8")


def _parameters(entry: Operation) -> str:
    required = entry.parameters.get("required", [])
    names = entry.parameters["properties"]
    return ", ".join(f"`{n}`" if n in required else f"`{n}` (optional)" for n in names) or "none"


def _raised(entry: Operation) -> str:
    told = [f"critical: {hazard}" for hazard in sorted(entry.raised_by)]
    told += [f"refused: {hazard}" for hazard in sorted(entry.refused_by)]
    if entry.raised_when_lowered:
        told.append(f"critical: lowers {entry.raised_when_lowered}")
    if entry.refused_when_lowered:
        told.append(f"refused: does not raise {entry.refused_when_lowered}")
    return "; ".join(told) or "never"


def _inverse(entry: Operation) -> str:
    if entry.inverse is None:
        return f"none: {entry.no_inverse_because}"
    without = ", ".join(sorted(entry.no_inverse_with))
    return f"`{entry.inverse}`" + (f", not where it {without}" if without else "")


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(titles)]
    lines.append(["---"] * len(lines[0]))
    lines += [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    main()
