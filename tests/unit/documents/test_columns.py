"""What tables, sums and states of documents name are words of the vocabularies."""

import pytest
from tests.unit.documents.test_risks import VOCABULARIES

from datacenter_docs.domain.columns import COLUMNS, UNUSUAL
from datacenter_docs.domain.derivations import STATES, SUMS

NAMED = [
    *((place, attribute) for place, columns in COLUMNS.items() for attribute in columns),
    *((place, attribute) for place, sums in SUMS.items() for attribute in sums),
    *STATES.items(),
]


@pytest.mark.parametrize(("place", "attribute"), NAMED, ids=str)
def test_what_a_document_shows_is_a_word_of_the_platform(place, attribute):
    platform, kind = place

    assert attribute in VOCABULARIES[platform][kind].attributes


def test_every_kind_that_is_listed_has_columns_of_its_own():
    assert COLUMNS.keys() >= UNUSUAL
