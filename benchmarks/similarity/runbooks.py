"""Runbooks: from the name of an alert, or from what it means, to a section of its page.

Two questions for each page: the alert's name (the file's name, as an alert spells it), asked of all sections; and, where the
page has a section "Meaning", its text, asked of all sections but those called so, so that no section is asked for itself.
Pages without a word are left out. A hit is a section of that page. Both kinds count alike in `hit@1` and `hit@5`. `hidden_hit@...` is the name once more, of
sections without titles and with the name struck out of their texts: only what they say is left.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from benchmarks.similarity.generating import CHATTER, COMPONENTS, PARTS, SYMPTOMS

from datacenter_docs.adapters.retrieval.sections import Shelf
from datacenter_docs.domain.retrieval.pages import Section, sections

MEANING = "meaning"
MOST = 5
Asked = tuple[str, str, str]
"""The page that is right, and title and body of the question."""


def measure(records: Sequence[dict[str, Any]]) -> dict[str, float]:
    """The figures of the task."""
    held = [one for record in records for one in sections(record["path"], record["text"])]
    meanings = {one.page: one.text for one in held if one.heading.lower() == MEANING}
    names = [(page, _name(page), "") for page in {one.page: None for one in held}]
    said = [(page, text, "") for page, text in meanings.items()]
    others = [one for one in held if one.heading.lower() != MEANING]
    by_name, took = _ranks(Shelf(held), names)
    by_meaning, took_too = _ranks(Shelf(others), said)
    hidden, _ = _ranks(Shelf(list(map(_nameless, held))), names)
    kinds = {"": by_name + by_meaning, "name_": by_name, "meaning_": by_meaning, "hidden_": hidden}
    took += took_too
    return {
        "pages": float(len(names)),
        "sections": float(len(held)),
        **{
            f"{kind}hit@{most}": sum(rank <= most for rank in ranks) / max(len(ranks), 1)
            for kind, ranks in kinds.items()
            for most in (1, MOST)
        },
        "us_p50": float(np.percentile(took or [0], 50)) * 1e6,
        "us_p99": float(np.percentile(took or [0], 99)) * 1e6,
    }


def generated() -> Sequence[dict[str, Any]]:
    """Pages about made-up alerts."""
    found = []
    for number in range(80):
        component, part = COMPONENTS[number % len(COMPONENTS)], PARTS[number * 5 % len(PARTS)]
        symptom = list(SYMPTOMS)[number % len(SYMPTOMS)]
        ways = SYMPTOMS[symptom]
        name = f"{component.capitalize()}{part.capitalize()}{symptom.capitalize()}"
        text = (
            f"---\ntitle: {name}\n---\n\n# {name}\n\n## Meaning\n\nThe {part} of a {component} {ways[0]}.\n\n"
            f"## Impact\n\nUsers of the {component} notice. {CHATTER[number % len(CHATTER)]}\n\n"
            f"## Diagnosis\n\nLook at each {part}: one that {ways[1]} is the one.\n\n"
            f"## Mitigation\n\nReplace the {part}, or move the {component} elsewhere until it no longer {ways[2]}.\n"
        )
        found.append({"path": f"pages/{name}.md", "text": text})
    return found


def _ranks(shelf: Shelf, asked: Sequence[Asked]) -> tuple[list[float], list[float]]:
    ranks, took = [], []
    for page, title, body in asked:
        begun = time.perf_counter()
        found = shelf.find(title, body, MOST)
        took.append(time.perf_counter() - begun)
        places = [n for n, one in enumerate(found, 1) if one.section.page == page]
        ranks.append(float(min(places, default=np.inf)))
    return ranks, took


def _name(page: str) -> str:
    return page.rsplit("/", 1)[-1].removesuffix(".md")


def _nameless(one: Section) -> Section:
    return replace(one, title="", text=re.sub(re.escape(_name(one.page)), " ", one.text))
