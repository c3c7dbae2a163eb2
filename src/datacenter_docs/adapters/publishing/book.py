"""`Press` for one PDF: the sections, without the pages of resources. The same HTML as everywhere, set by WeasyPrint."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from datacenter_docs.adapters.publishing.citing import in_order
from datacenter_docs.adapters.writing import shell
from datacenter_docs.adapters.writing.html import html
from datacenter_docs.domain.citing import Proof, ProofKind, moment
from datacenter_docs.domain.errors import Refused, Unavailable, Unsupported
from datacenter_docs.ports.publishing import Edition, Pressed, Progress, Section

NAME = "datacenter.pdf"


class BookPress:
    """Makes the book."""

    async def press(
        self, edition: Edition, folder: Path, progress: Progress, *, commits: bool
    ) -> Pressed:
        sections = in_order(await edition.sections())
        text = _page(sections, made=moment(edition.now), survey=edition.survey)
        body = await asyncio.to_thread(_set, text)
        progress(len(sections), len(sections))
        await asyncio.to_thread(_write, folder, body)
        return Pressed(1, 0, 0)


def _page(sections: Sequence[Section], *, made: str, survey: int) -> str:
    there = {section.document.id for section in sections}
    return shell.template("book.html.j2").render(
        style=Markup(shell.text("book.css")),  # noqa: S704 (a file of ours)
        made=made,
        survey=survey,
        chapters=[_chapter(section, there) for section in sections],
    )


def _chapter(section: Section, there: set[str]) -> Mapping[str, object]:
    """A section whose links lead to other chapters; a value's source is not in the book."""

    def lead(proof: Proof) -> str:
        target = proof.id.partition("#")[0] if proof.kind is ProofKind.PAGE else ""
        return f"#{_anchor(target)}" if target in there else ""

    own = _anchor(section.document.id)
    rendered = html(section.document.markdown, lead)
    return {
        "anchor": own,
        "title": section.document.title,
        "state": section.freshness.state.value,
        "says": section.says,
        "contents": shell.contents(rendered.headings),
        "body": rendered.prefixed(own),
    }


def _anchor(document_id: str) -> str:
    return f"section-{document_id}"


def _set(text: str) -> bytes:
    """Raises `Unsupported` where WeasyPrint, or what it stands on, is not installed. It may load nothing from anywhere."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise Unsupported(
            "A PDF needs WeasyPrint and Pango: `pip install datacenter-docs[pdf]`, and on Debian "
            f"`apt install libpango-1.0-0 libpangoft2-1.0-0`. ({error})"
        ) from error
    made: bytes = HTML(string=text, url_fetcher=URLFetcher(allowed_protocols=())).write_pdf()
    return made


def _write(folder: Path, body: bytes) -> None:
    if folder.is_file():
        raise Refused(f"{folder} is a file, and a folder is needed. Give another --out.")
    part = folder / f".{NAME}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(body)
        part.replace(folder / NAME)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Unavailable(
            f"{folder / NAME} cannot be written: {error.strerror}. What was there is as it was."
        ) from error
