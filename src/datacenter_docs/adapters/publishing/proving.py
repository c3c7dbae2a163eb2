"""The parts of the site that prove the rest: every fact with its call, past facts, derived numbers, surveys. As HTML.

Written by hand and not by a template: there is one line for each fact of the estate.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import datetime
from functools import lru_cache

from markupsafe import Markup, escape

from datacenter_docs.adapters.publishing import places
from datacenter_docs.adapters.writing.markdown import shown
from datacenter_docs.domain.observed import (
    NAME,
    PARENT,
    CitedFact,
    FactId,
    FactValue,
    ObservedResource,
)
from datacenter_docs.domain.speaking import label, spoken
from datacenter_docs.domain.surveys import Survey
from datacenter_docs.domain.values import canonical_json
from datacenter_docs.ports.estate import FactRecord
from datacenter_docs.ports.publishing import Derived

LONGEST = 20_000
"""Characters of a value that are shown here; a page with more of them cannot be read by anybody."""


def facts(resource: ObservedResource, payloads: Set[str]) -> Markup:
    """Every fact of a resource, the exact value under its anchor, and the calls that they came from."""
    every = [*_own(resource), *resource.facts()]
    calls = [_call(fact) for fact in every]
    numbers = {call: number for number, call in enumerate(dict.fromkeys(calls), 1)}
    lines = [
        '<h2 id="every-fact">Every fact</h2><div class="wide"><table class="facts"><thead><tr><th>fact</th>'
        "<th>exact value</th><th>so since</th><th>survey</th><th>read with</th></tr></thead><tbody>"
    ]
    lines += (
        f'<tr id="{fact.attribute}"><td>{escape(label(fact.attribute))}</td><td>{_exact(fact.value)}</td>'
        f"<td>{_second(fact.since)}</td><td>{fact.origin.survey}</td>"
        f'<td><a href="#call-{numbers[call]}">call {numbers[call]}</a></td></tr>'
        for fact, call in zip(every, calls, strict=True)
    )
    lines.append('</tbody></table></div><h2 id="every-call">Every call</h2><div class="wide">')
    lines.append(_calls(numbers.items(), payloads))
    return _made(*lines, "</div>")


def past(records: Sequence[FactRecord], ending: str) -> Markup:
    """Facts that stood and do not stand any more."""
    rows = [
        f'<tr id="{escape(one.fact.id)}"><td><a href="{places.of_resource(one.fact.resource_id, ending)}">'
        f"{escape(one.fact.resource_id)}</a></td><td>{escape(label(one.fact.attribute))}</td>"
        f"<td>{_exact(one.fact.value)}</td><td>{_second(one.fact.since)}</td>"
        f"<td>{_second(one.until) if one.until else ''}</td><td>{escape(one.fact.source.tool)}</td>"
        f"<td>{_exact(canonical_json(dict(one.fact.source.arguments)))}</td>"
        f"<td>{escape(one.fact.source.payload_sha256)}</td></tr>"
        for one in records
    ]
    head = "<th>resource</th><th>fact</th><th>value</th><th>so since</th><th>until</th><th>read with</th><th>arguments</th><th>hash of the raw answer</th>"
    return _made("<h1>Past facts</h1>", _table(head, rows))


def derived(number: Derived, ending: str) -> Markup:
    """A derived number: its rule, and what went into it."""
    lead = places.up(places.of_derived(number.id, ending))
    rows = [
        f'<tr><td><a href="{lead}{places.of_resource(one.id, ending)}">{escape(shown(one.name))}</a></td>'
        f'<td><a href="{lead}{places.of_resource(one.id, ending)}#{number.attribute or NAME}">'
        f"{escape(spoken(number.attribute, _whole(amount)) if number.attribute else _number(amount))}</a></td></tr>"
        for one, amount in number.members
    ]
    rows += (
        f'<tr><td><a href="{lead}{places.of_resource(one.resource_id, ending)}#{one.attribute}">'
        f"{escape(shown(one.resource_id))}</a></td><td>{escape(label(one.attribute))}</td></tr>"
        for one in map(FactId.parse, number.facts)
    )
    more = f"<p>And {number.more:,} more, which the inventory has.</p>" if number.more else ""
    return _made(
        f"<h1>{escape(number.text)}</h1><p>{escape(number.words)}</p><p>Made by the rule "
        f"<code>{escape(number.id)}</code> from what follows.</p>"
        f"{_table('<th>resource</th><th>adds</th>', rows)}{more}"
    )


def surveys(records: Iterable[Survey], cited: set[str]) -> Markup:
    """What the cited surveys say of themselves and of each connection."""
    rows: list[str] = []
    for survey in records:
        if str(survey.number) in cited:
            rows.append(f'<tr id="{survey.number}"><td>{survey.number}</td><td></td><td>{survey.state}</td><td>{_second(survey.started_at)}</td><td></td><td></td></tr>')  # fmt: skip
        rows += (
            f'<tr id="{survey.number}/{escape(one.connection)}"><td>{survey.number}</td><td>{escape(one.connection)}</td>'
            f"<td>{one.state}</td><td>{_second(one.started_at)}</td><td>{one.counts.seen:,}</td><td>{len(one.gaps):,}</td></tr>"
            for one in survey.coverage
            if f"{survey.number}/{one.connection}" in cited
        )
    head = (
        "<th>survey</th><th>connection</th><th>state</th><th>began</th><th>seen</th><th>gaps</th>"
    )
    return _made("<h1>Surveys</h1>", _table(head, rows))


def _made(*parts: str) -> Markup:
    """HTML of which every value was escaped above."""
    return Markup("".join(parts))  # noqa: S704


def hashes(resource: ObservedResource) -> set[str]:
    """The raw answers that a resource's facts came from."""
    every = (*resource.stated.origins, *resource.measured.origins)
    return {origin.reading.payload_sha256 for origin in every}


def _own(resource: ObservedResource) -> Iterator[CitedFact]:
    for attribute in (NAME, PARENT):
        fact = resource.fact(attribute)
        if fact is not None:
            yield fact


Call = tuple[str, str, str, str]


def _call(fact: CitedFact) -> Call:
    source = fact.source
    return (
        source.tool,
        canonical_json(dict(source.arguments)),
        _second(source.observed_at),
        source.payload_sha256,
    )


def _calls(numbers: Iterable[tuple[Call, int]], payloads: Set[str]) -> str:
    rows = []
    for (tool, arguments, at, digest), number in numbers:
        answer = escape(digest[:16])
        if digest in payloads:
            answer = Markup('<a href="../{}">{}</a>').format(places.of_payload(digest), answer)
        rows.append(
            f'<tr id="call-{number}"><td>call {number}</td><td>{escape(tool)}</td><td>{_exact(arguments)}</td>'
            f"<td>{at}</td><td>{answer}</td></tr>"
        )
    head = "<th></th><th>tool</th><th>arguments</th><th>answered</th><th>raw answer</th>"
    return f'<table class="facts"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _table(head: str, rows: Sequence[str]) -> str:
    return f'<div class="wide"><table class="facts"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _exact(value: FactValue) -> str:
    """A value as it was read, cut only where nobody could read it."""
    text = value if isinstance(value, str) else canonical_json(value)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}…"
    return str(escape(text))


def _whole(amount: float) -> float:
    return int(amount) if amount == int(amount) else amount


def _number(amount: float) -> str:
    return f"{_whole(amount):,}"


@lru_cache(maxsize=1_024)
def _second(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
