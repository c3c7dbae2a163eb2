"""One word, one meaning: every public value of the domain and every port is in the glossary."""

import ast
import re

from tests.architecture.repository import python_files, tree_of
from tests.docs.documents import text_of

GLOSSARY = "docs/glossary.md"
DERIVED = {
    "ActionClass": "Class",
    "LoginProvider": "Identity provider",
    "TokenStore": "Api token",
    "Written": "Api token",
    "AffectedRow": "Page",
    "CapacityPage": "Page",
    "CapacityRow": "Page",
    "CalibrationReport": "Calibration",
    "CallOutcome": "Model call",
    "CaseStore": "Case",
    "ChangeGroup": "Page",
    "ChangeKind": "Change",
    "ChangesPage": "Page",
    "ConfidenceLevel": "Level",
    "ContradictionRow": "Page",
    "ContradictionRule": "Contradiction",
    "ContradictionTable": "Page",
    "ContradictionsPage": "Page",
    "CoveragePage": "Page",
    "CoverageRow": "Page",
    "CoverageState": "Coverage",
    "DayOfChanges": "Page",
    "DeedRow": "Page",
    "DependenciesPage": "Page",
    "DiffPage": "Page",
    "DocumentHead": "Document",
    "DocumentStore": "Document",
    "FactRow": "Page",
    "FeedbackRequest": "Feedback",
    "FeedbackStore": "Feedback",
    "FeedbackType": "Feedback",
    "FoundSection": "Section",
    "FreshnessState": "Freshness",
    "GrantKind": "Grant",
    "GrantStore": "Grant",
    "HealthStatus": "Health",
    "HitKind": "Hit",
    "KindTable": "Page",
    "MassChange": "Page",
    "ModelCalls": "Model call",
    "NotePage": "Page",
    "NoteStore": "Note",
    "NoteVersion": "Note",
    "OriginRow": "Page",
    "OutcomeKind": "Outcome",
    "OverviewPage": "Page",
    "PartPage": "Page",
    "PatternStore": "Pattern",
    "PlatformPage": "Page",
    "PolicyStore": "Policy",
    "ProofKind": "Proof",
    "RateLimiter": "Rate limit",
    "Reckoned": "Reckoning",
    "RelationRow": "Page",
    "RelationTable": "Page",
    "ResourceLocks": "Lock",
    "ResourcePage": "Page",
    "RiskLevel": "Risk",
    "RiskRow": "Page",
    "RiskRule": "Risk",
    "RiskTable": "Page",
    "RisksPage": "Page",
    "Sighted": "Sighting",
    "SourceRow": "Page",
    "SurveyState": "Survey",
    "TicketRequest": "Ticket",
    "ValueChange": "Page",
}
"""Names that are made of a word that is explained, and that word."""
NOT_WORDS = {
    "Edge": "of a diagram, and explained there",
    "Node": "of a diagram, and explained there; a node of Kubernetes is what the platform calls so",
    "OfFact": "the other side of a criterion, not a word of the trade",
    "Numbered": "what all origins have in common, for the type checker",
    "Where": "a place in a rule of relations, not a word of the trade",
    "Value": "the base of all values, not a word of the trade",
}


def explained() -> set[str]:
    """The words that the glossary explains, as it writes them."""
    return set(re.findall(r"^\*\*(.+?)\*\*", text_of(GLOSSARY), re.MULTILINE))


def public_names() -> set[str]:
    """The public classes of the domain, without errors and without parameters of single operations; and the ports."""
    domain = [
        path
        for path in python_files("src/datacenter_docs/domain")
        if path.stem not in ("errors", "parameters")
    ]
    return {
        node.name
        for path in (*domain, *python_files("src/datacenter_docs/ports"))
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef)
        and not node.name.startswith("_")
        and ("domain" in path.parts or "Protocol" in map(ast.unparse, node.bases))
    }


def spoken(name: str) -> str:
    """`KillSwitch` as people say it: Kill switch."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def test_every_word_of_the_domain_is_explained():
    words = {word.lower() for word in explained()}
    names = public_names() - NOT_WORDS.keys()

    assert len(names) > 50
    assert {
        name for name in names if spoken(DERIVED.get(name, name)).lower() not in words
    } == set()


def test_every_state_of_a_ticket_is_explained():
    from datacenter_docs.domain.tickets import TicketState

    text = text_of(GLOSSARY)

    assert [state for state in TicketState if f"`{state}`" not in text] == []


def test_no_word_is_explained_twice():
    words = [
        word.lower() for word in re.findall(r"^\*\*(.+?)\*\*", text_of(GLOSSARY), re.MULTILINE)
    ]

    assert sorted(words) == sorted(set(words))


def test_words_stand_in_the_order_of_the_alphabet():
    words = [
        word.lower() for word in re.findall(r"^\*\*(.+?)\*\*", text_of(GLOSSARY), re.MULTILINE)
    ]

    assert words == sorted(words)


def test_no_derived_name_is_out_of_date():
    assert (DERIVED.keys() | NOT_WORDS.keys()) - public_names() == set()
