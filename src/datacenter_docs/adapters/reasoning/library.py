"""The runbooks: those that ship with the product, and the user's own. Each file is checked when it is loaded."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from datacenter_docs.adapters import yaml_text
from datacenter_docs.adapters.yaml_text import BrokenYamlError
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.domain.runbooks import Runbook

SHIPPED = Path(__file__).parent / "runbooks"


def load(folder: Path) -> Sequence[Runbook]:
    """All runbooks of a folder (`*.yaml`), by name. Raises `Invalid` with file and mistake, all files at once."""
    if not folder.is_dir():
        raise Invalid(f"{folder} is not a folder with runbooks.")
    found: dict[str, Runbook] = {}
    mistakes: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            runbook = read(path)
        except Invalid as error:
            mistakes |= error.fields
            continue
        if runbook.name in found:
            mistakes[str(path)] = f"name: {runbook.name} is taken by another file"
        found[runbook.name] = runbook
    if mistakes:
        raise Invalid("\n".join(f"{path}: {what}" for path, what in mistakes.items()), mistakes)
    return [found[name] for name in sorted(found)]


def read(path: Path) -> Runbook:
    """One runbook. Raises `Invalid` with file, field and mistake."""
    try:
        return Runbook.model_validate(yaml_text.read(path.read_text(encoding="utf-8"))[1])
    except OSError as error:
        mistake = f"cannot be read: {error.strerror}"
    except BrokenYamlError as error:
        mistake = f"line {error.line}: {error}"
    except UnicodeDecodeError as error:
        mistake = f"is no text in UTF-8: {error}"
    except ValidationError as error:
        mistake = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'runbook'}: {e['msg']}" for e in error.errors()
        )
    raise Invalid(f"{path}: {mistake}", {str(path): mistake})


def load_all(own: Path | None) -> Sequence[Runbook]:
    """The shipped runbooks and the user's; one of the user's replaces a shipped one of the same name."""
    library = {runbook.name: runbook for runbook in load(SHIPPED)}
    if own is not None:
        library.update({runbook.name: runbook for runbook in load(own)})
    return [library[name] for name in sorted(library)]
