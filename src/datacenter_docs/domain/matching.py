"""Which pattern does a ticket belong to? Words, without a model, the same answer every time. Spec section 5.

Precision before recall: a wrong match may trigger a wrong repair, a missed one only asks a person. So what differs
between two tickets of the same trouble (hosts, addresses, numbers, times) is masked, and what tells two troubles of
the same thing apart (down, flapping, full: the symptom) must agree.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from datacenter_docs.domain.patterns import Match, Pattern
from datacenter_docs.domain.values import content_hash

THRESHOLD = 0.65
"""Below it a ticket is not of the pattern. Two words of chatter around a short ticket are already too much."""
MARGIN = 0.10
"""A second pattern closer than this to the best makes the match uncertain."""
OTHER_SYMPTOM_CAP = 0.50
"""The most that two texts without a common symptom can reach, however long they are; below the threshold."""
MIN_SHARED_TERMS = 2
"""A single common word never makes a match, unless it is all there is on both sides."""
SYMPTOM_WEIGHT = 2.0
MAX_TERMS = 32
"""The first so many distinct terms of a text count: a ticket says what is wrong before it pastes its log."""
MAX_WORD = 64
"""Longer runs of letters are pasted data, not words."""

_STOP_WORDS = """
    a about after again alert all also an and any are as at be because been before between but by can could did do
    does for from get got had has have hello help hi how i if in into is issue it its just kindly me my new now of on
    one or our please problem regards see seem seen she should since so some team thank that the their them then there
    these they this ticket to today urgent us was we were what when where which while who why will with would yesterday
    you your went goes gone too"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
NEGATIONS = frozenset({"not", "no", "cannot", "never", "without", "isnt", "doesnt", "cant"})
WITH_DIGITS = frozenset({"ipv4", "ipv6", "k8s", "s3", "l2", "l3"})
"""Words with a digit that name a thing; every other token with a digit names one host, time or number, and is masked."""
SYNONYMS = {
    "interfac": "port",
    "nic": "port",
    "failur": "fail",
    "bounc": "flap",
    "timed": "timeout",
    "lost": "loss",
    "outag": "down",
}
_SYMPTOMS = """
    block corrupt crash degrad deni down drop error expir fail flap full hang high loss low miss old reboot refus
    restart slow stuck timeout unavailabl unreachabl up"""
SYMPTOMS = frozenset(_SYMPTOMS.split())
"""What can befall a thing, as stems."""

_TOKENS = re.compile(r"[^\s,;()\[\]{}<>\"`!?|=*#]+")
_DOTTED_NAME = re.compile(r"[^\W\d_][\w-]*(\.[\w-]+)+")
_WORDS = re.compile(r"[^\W_]+")
_SUFFIXES = ("ings", "ing", "ed", "es", "s")


def key_terms(text: str, category: str) -> tuple[str, ...]:
    """The words that say what is wrong, sorted; without what differs from ticket to ticket, and without the category's name."""
    found: dict[str, None] = {}
    negated = False
    for word in _words(text):
        if word in NEGATIONS:
            negated = True
        elif word not in STOP_WORDS and word != category:
            term = _stem(word)
            found[f"not-{term}" if negated else term] = None
            negated = False
        if len(found) == MAX_TERMS:
            break
    return tuple(sorted(found))


def signature(category: str, terms: Iterable[str]) -> str:
    """The sha256 of category and key terms, 64 hex digits; their order does not matter."""
    return content_hash([category, sorted(terms)])


def weighted(terms: Iterable[str]) -> dict[str, float]:
    """The prototype of a new pattern: each term with its weight; a symptom weighs more than what it befell."""
    return {term: SYMPTOM_WEIGHT if _is_symptom(term) else 1.0 for term in terms}


def similarity(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """How alike two sets of weighted terms are, 0..1: the shared weight over all weight. Symmetric; 0 for an empty one."""
    if not left or not right:
        return 0.0
    if left.keys() == right.keys():
        return 1.0
    shared = left.keys() & right.keys()
    if len(shared) < MIN_SHARED_TERMS:
        return 0.0
    common = sum(min(left[term], right[term]) for term in sorted(shared))
    together = sum(
        max(left.get(term, 0.0), right.get(term, 0.0))
        for term in sorted(left.keys() | right.keys())
    )
    share = common / together if together > 0 else 0.0
    symptoms = {term for term in left.keys() | right.keys() if _is_symptom(term)}
    return min(share, OTHER_SYMPTOM_CAP) if symptoms and not symptoms & shared else share


def match(text: str, category: str, candidates: Iterable[Pattern]) -> Match:
    """The best pattern of the ticket's category; None with the best similarity when none is alike enough.

    `margin`: the distance to the second best. Ties go to the smaller pattern id, and are uncertain.
    """
    terms = weighted(key_terms(text, category))
    ranked = sorted(
        (
            (similarity(terms, pattern.terms or weighted(pattern.key_terms)), pattern)
            for pattern in candidates
            if pattern.category == category
        ),
        key=lambda pair: (-pair[0], pair[1].pattern_id),
    )
    if not ranked:
        return Match(pattern=None, similarity=0.0)
    best, pattern = ranked[0]
    margin = best - ranked[1][0] if len(ranked) > 1 else best
    if best < THRESHOLD:
        return Match(pattern=None, similarity=best, margin=margin)
    return Match(
        pattern=pattern,
        similarity=best,
        margin=margin,
        uncertain=margin < MARGIN,
        terms=tuple(sorted(terms.keys() & (pattern.terms.keys() or set(pattern.key_terms)))),
    )


def _is_link(piece: str) -> bool:
    """A URL, an address or a path. Not a pattern: searching one in a long word took the square of its length."""
    inner = piece[1:-1]
    return "://" in inner or "@" in inner or (piece.startswith("/") and piece != "/")


def _words(text: str) -> Iterable[str]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    unlinked = " ".join(piece for piece in plain.split() if not _is_link(piece))
    for token in _TOKENS.findall(unlinked):
        bare = token.strip(".:-_/")
        if bare in WITH_DIGITS:
            yield bare
        elif not _DOTTED_NAME.fullmatch(bare) and not any(c.isdigit() for c in bare):
            yield from (word for word in _WORDS.findall(bare) if len(word) <= MAX_WORD)


def _stem(word: str) -> str:
    """A light stem: flapping, flapped and flaps become flap."""
    for suffix in _SUFFIXES:
        rest = word.removesuffix(suffix)
        if rest != word and len(rest) >= 4 - (suffix == "s") and not word.endswith(("ss", "us")):
            doubled = len(rest) > 4 and rest[-1] == rest[-2] and rest[-1] not in "lsz"
            word = rest[:-1] if doubled else rest
            break
    word = word[:-1] if len(word) > 4 and word.endswith("e") else word
    return SYNONYMS.get(word, word)


def _is_symptom(term: str) -> bool:
    return term in SYMPTOMS or term.startswith("not-")
