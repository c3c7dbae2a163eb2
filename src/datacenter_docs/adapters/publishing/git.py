"""Commits a folder with the user's own `git`, so that their name, signing and hooks apply."""

import subprocess
from pathlib import Path

from datacenter_docs.domain.errors import Refused, Unavailable

SECONDS = 300.0


def commit(folder: Path, message: str) -> str:
    """Commit all that is in the folder; it becomes a repository if it is in none. What was done, as a sentence."""
    if _run(folder, "rev-parse", "--is-inside-work-tree").returncode:
        _must(folder, "init", "--quiet")
    _must(folder, "add", "--all", ".")
    if not _run(folder, "diff", "--cached", "--quiet", "--", ".").returncode:
        return "There was nothing to commit."
    _must(folder, "commit", "--quiet", "--cleanup=verbatim", "--file=-", "--", ".", text=message)
    return f"Committed: {message.partition(chr(10))[0]}."


def _must(folder: Path, *words: str, text: str = "") -> None:
    done = _run(folder, *words, text=text)
    if done.returncode:
        raise Refused(
            f"`git {words[0]}` in {folder} failed: {done.stderr.strip() or done.stdout.strip()}"
        )


def _run(folder: Path, *words: str, text: str = "") -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(  # noqa: S603 (no shell; the words are ours)
            ["git", "-C", str(folder), *words],  # noqa: S607 (whichever the user has)
            input=text,
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise Unavailable("There is no `git` on this machine, which --git needs.") from error
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"`git {words[0]}` in {folder} did not end in {SECONDS:g} s.") from error
