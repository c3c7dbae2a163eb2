"""The files of this repository, for guards. A guard that would see no file fails: it guards nothing."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
BRAIN = SOURCE / "datacenter_docs"
BINARY = {".png", ".ico", ".woff2"}


@cache
def committed() -> tuple[Path, ...]:
    """Every text file that is, or is about to be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    paths = [ROOT / name for name in listed]
    return something([path for path in paths if path.is_file() and path.suffix not in BINARY])


def python_files(*folders: str) -> tuple[Path, ...]:
    """The Python files below some folders of the repository."""
    wanted = [ROOT / folder for folder in folders]
    return something(
        [
            path
            for path in committed()
            if path.suffix == ".py" and any(path.is_relative_to(folder) for folder in wanted)
        ]
    )


def something(paths: list[Path]) -> tuple[Path, ...]:
    """The same paths, at least one of them."""
    assert paths, "this guard saw no file, so it guards nothing"
    return tuple(paths)


def name_of(path: Path) -> str:
    """The path as people write it: from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
