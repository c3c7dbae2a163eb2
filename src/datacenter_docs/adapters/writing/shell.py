"""A document as a complete page: head, freshness, contents, and the text. It may load nothing and run nothing."""

import base64
from functools import lru_cache
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from datacenter_docs.adapters.writing.html import Heading, html
from datacenter_docs.ports.writing import Lead, Sheet

_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src "
DEEPEST = 3
"""Headings below this level are not in the contents."""


def page(sheet: Sheet, lead: Lead, home: str) -> str:
    """The page, its style inside."""
    rendered = html(sheet.markdown, lead)
    return template("page.html.j2").render(
        title=sheet.title,
        policy=f"{_POLICY}'{_hash(style())}'",
        style=Markup(style()),  # noqa: S704 (a file of ours)
        home=home,
        sections=(),
        freshness={"state": sheet.state, "says": sheet.says},
        contents=contents(rendered.headings),
        body=rendered.body,
    )


def contents(headings: list[Heading]) -> list[dict[str, object]]:
    """What the contents of a page show: its headings, whose text is HTML already."""
    return [
        {"level": one.level, "anchor": one.anchor, "text": Markup(one.text)}  # noqa: S704 (as above)
        for one in headings
        if 1 < one.level <= DEEPEST
    ]


def style() -> str:
    """The style sheet of all pages."""
    return text("style.css")


def script() -> str:
    """What the pages of a site run: freshness and search."""
    return text("site.js")


@lru_cache(maxsize=8)
def text(name: str) -> str:
    """A file beside the templates, as it is."""
    source, _, _ = _loader().get_source(_pages(), name)
    return source


@lru_cache(maxsize=8)
def template(name: str) -> Template:
    """A template of pages."""
    return _pages().get_template(name)


@lru_cache(maxsize=1)
def _pages() -> Environment:
    """Templates of pages: plain HTML with escaping. What they say comes from the Markdown, where it is cited."""
    return Environment(
        auto_reload=False,  # a template that extends another would look at its file for every page
        loader=_loader(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=1)
def _loader() -> PackageLoader:
    return PackageLoader("datacenter_docs.adapters.writing", "templates")


def _hash(text: str) -> str:
    """What a Content-Security-Policy calls exactly this text."""
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"
