"""Whether scores mean what they say, over the API and on the command line. The server is shared, so that only differences count."""

from typing import Any
from xml.etree import ElementTree

import httpx2
from tests.integration.api.product import submitted

PATH = "/api/v1/stats/calibration"


def report(client: httpx2.Client) -> dict[str, Any]:
    return client.get(PATH).json()


def test_a_word_on_a_ticket_becomes_an_outcome_of_its_score(client: httpx2.Client) -> None:
    before = report(client)
    submitted(client, "CAL-1", category="cal-1")
    unspoken = report(client)
    word = {"ticket_id": "CAL-1", "feedback_type": "positive", "rating": 5}
    assert client.post("/api/v1/feedback", json=word).is_success
    after = report(client)

    assert before["outcomes"] == unspoken["outcomes"] == after["outcomes"] - 1
    assert before["missing"] == after["missing"] + 1
    assert after["calibration"] is None
    assert sum(one["outcomes"] for one in after["bins"]) == after["outcomes"]


def test_the_diagram_is_a_picture_of_its_own(client: httpx2.Client) -> None:
    answer = client.get(f"{PATH}.svg")
    picture = ElementTree.fromstring(answer.text)

    assert answer.headers["content-type"] == "image/svg+xml"
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert "outcomes more are needed" in answer.text
