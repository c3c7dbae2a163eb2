"""What runs the place, over the API: probes, metrics, statistics, kill switch, audit trail, connections."""

import re

import httpx2
import pytest
from tests.integration.api.product import A_SWITCH, Product, is_problem, running, submitted

ESTATE = A_SWITCH + (
    "  - {name: nobody, platform: storage, transport: http, url: 'http://127.0.0.1:9/mcp'}\n"
    "  - {name: garbage, platform: storage, server: external, command: ['/bin/echo', 'hello']}\n"
)
RATES = {
    "/api/v1/stats/reliability": [
        "avg_reliability_score",
        "avg_confidence_score",
        "resolution_rate",
        "positive_feedback_rate",
        "avg_rating",
    ],
    "/api/v1/stats/auto-remediation": ["execution_rate", "success_rate", "approval_rate"],
}


def test_the_probes_answer(client: httpx2.Client) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json() == {"status": "ready"}


def test_the_metrics_have_the_names_of_the_description_and_no_others(
    client: httpx2.Client,
) -> None:
    submitted(client, "O-metric", category="metric")
    feedback = {"ticket_id": "O-metric", "feedback_type": "negative"}
    client.post("/api/v1/feedback", json=feedback).raise_for_status()
    answer = client.get("/metrics")
    estate = (
        "datacenter_docs_survey",
        "datacenter_docs_resources",
        "datacenter_docs_connection",
        "datacenter_docs_document",
    )
    every = re.findall(r"^(datacenter_docs_\w+)", answer.text, re.MULTILINE)
    names = {name for name in every if not name.startswith(estate)}
    told = re.findall(r"^# TYPE (datacenter_docs_\w+)", answer.text, re.MULTILINE)
    typed = {name for name in told if not name.startswith(estate)}

    assert answer.headers["content-type"].startswith("text/plain")
    assert re.search(
        r'^datacenter_docs_reliability_score{category="metric"} \d', answer.text, re.MULTILINE
    )
    assert 'datacenter_docs_feedback_total{type="negative"} 1.0' in answer.text
    assert names == {"datacenter_docs_reliability_score", "datacenter_docs_feedback_total"}
    assert typed == names | {
        "datacenter_docs_auto_remediation_attempts_total",
        "datacenter_docs_auto_remediation_success_total",
        "datacenter_docs_auto_remediation_failures_total",
    }


@pytest.mark.parametrize("path", RATES)
def test_an_empty_house_has_no_rates_instead_of_zeros(
    path: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running(tmp_path_factory.mktemp("empty")) as empty:
        stats = httpx2.get(f"{empty.url}{path}").json()

    assert {name: stats[name] for name in RATES[path]} == dict.fromkeys(RATES[path])
    assert stats["days"] == 30


def test_a_filled_house_counts(client: httpx2.Client) -> None:
    submitted(client, "O-count", category="count", enable_auto_remediation=True)
    client.patch("/api/v1/tickets/O-count", json={"status": "resolved"}).raise_for_status()
    body = {"ticket_id": "O-count", "feedback_type": "positive", "rating": 4}
    client.post("/api/v1/feedback", json=body).raise_for_status()
    stats = client.get("/api/v1/stats/reliability", params={"days": 1}).json()
    remediation = client.get("/api/v1/stats/auto-remediation", params={"days": 1}).json()

    assert stats["by_category"]["count"]["tickets"] == 1
    assert stats["by_category"]["count"]["resolution_rate"] == 1.0
    assert 0 < stats["avg_rating"] <= 5
    assert remediation["enabled_tickets"] == 1
    assert remediation["execution_rate"] == 0.0


def test_the_kill_switch_says_who_turned_it_and_why(client: httpx2.Client) -> None:
    before = client.get("/api/v1/kill-switch").json()
    body = {"on": True, "reason": "fire drill", "actor": "ann"}
    turned = client.post("/api/v1/kill-switch", json=body).json()
    read = client.get("/api/v1/kill-switch").json()
    client.post("/api/v1/kill-switch", json={"on": False, "actor": "ann"})

    assert before["on"] is False
    assert turned == read
    assert {**body, "set_at": read["set_at"]} == read
    assert client.get("/api/v1/kill-switch").json()["on"] is False


def test_the_kill_switch_is_journaled(client: httpx2.Client) -> None:
    client.post("/api/v1/kill-switch", json={"on": True, "reason": "noted", "actor": "ben"})
    client.post("/api/v1/kill-switch", json={"on": False})
    records = client.get("/api/v1/audit", params={"kind": "kill_switch.set"}).json()["items"]

    assert any(r["actor"] == "ben" and r["body"]["reason"] == "noted" for r in records)


@pytest.mark.parametrize("body", [{}, {"on": "maybe"}, {"on": None}, {"on": True, "of": 1}])
def test_a_kill_switch_is_on_or_off(client: httpx2.Client, body: dict[str, object]) -> None:
    is_problem(client.post("/api/v1/kill-switch", json=body), 422)

    assert client.get("/api/v1/kill-switch").json()["on"] is False


def test_the_journal_verifies(client: httpx2.Client) -> None:
    submitted(client, "O-audit")
    report = client.get("/api/v1/audit/verify").json()
    last = client.get("/api/v1/audit", params={"limit": 500}).json()["items"][-1]

    assert report["ok"] is True
    assert report["records"] == last["seq"]
    assert report["head_hash"] == last["hash"]


def test_connections_are_listed_by_name_without_secrets(client: httpx2.Client) -> None:
    found = client.get("/api/v1/connections").json()["items"]

    assert [connection["name"] for connection in found] == ["garbage", "lab", "nobody"]
    assert set(found[0]) == {"name", "platform", "transport", "allow_writes", "server"}


def test_a_connection_that_is_well_says_what_it_can_do(client: httpx2.Client) -> None:
    report = client.post("/api/v1/connections/lab/test").json()

    assert report["ok"] is True
    assert report["health"] == {"status": "ok", "reasons": []}
    assert "look" in report["tools"]
    assert report["operations"]["enable_port"] is True


@pytest.mark.parametrize("name", ["nobody", "garbage"])
def test_a_sick_connection_is_an_answer(client: httpx2.Client, name: str) -> None:
    answer = client.post(f"/api/v1/connections/{name}/test")

    assert answer.status_code == 200
    assert answer.json()["ok"] is False
    assert answer.json()["error"]


def test_an_unknown_connection_is_not_found(client: httpx2.Client) -> None:
    told = is_problem(client.post("/api/v1/connections/nothing/test"), 404)

    assert "garbage, lab, nobody" in told["detail"]


def test_a_reader_who_goes_away_in_mid_stream_holds_nothing_up(
    client: httpx2.Client, product: Product
) -> None:
    submitted(client, "O-stream")
    for _ in range(60):
        with (
            httpx2.Client(base_url=product.url) as reader,
            reader.stream("GET", "/api/v1/tickets/O-stream/events") as stream,
        ):
            assert next(stream.iter_lines()).startswith("id:")

    assert client.get("/ready").json() == {"status": "ready"}


def test_a_stream_goes_on_from_a_known_record(client: httpx2.Client) -> None:
    submitted(client, "O-after")
    client.patch("/api/v1/tickets/O-after", json={"status": "resolved"}).raise_for_status()
    logs = client.get("/api/v1/tickets/O-after/remediation-logs").json()["logs"]
    answer = client.get("/api/v1/tickets/O-after/events", params={"after": logs[-2]["seq"]})
    ids = [line for line in answer.text.splitlines() if line.startswith("id: ")]

    assert ids == [f"id: {logs[-1]['seq']}"]
    assert answer.text.rstrip().endswith('event: end\ndata: {"status": "resolved"}')


def test_a_stream_ends_where_a_person_is_waited_for(client: httpx2.Client) -> None:
    submitted(client, "O-rests")
    answer = client.get("/api/v1/tickets/O-rests/events")

    assert answer.text.rstrip().endswith('event: end\ndata: {"status": "proposed"}')
