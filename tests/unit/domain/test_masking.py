"""What is left of a text when what differs from ticket to ticket is taken out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datacenter_docs.domain.masking import MAX_WORDS, masked, remembered


@pytest.mark.parametrize(
    "text",
    [
        "Disk latency high (instance n7.example.org:9100)\nwrites on n7 take 40 ms\n VALUE = 40\n LABELS = {instance=n7}",
        "PROBLEM: Disk latency high on n8\nTrigger: Disk latency high\nSeverity: high\nHost: n8 [10.0.0.8]\nOriginal problem ID: 77\nwrites on n8 take 55 ms\nTime 2026-01-02 03:04:05",
        "** CRITICAL Service Alert: n9/Disk latency high **\n***** Watch *****\nNotification Type: PROBLEM\nService: Disk latency high\nHost: n9\nAddress: 10.0.0.9\nDate/Time: 2026-01-02T03:04:05Z\nAdditional Info:\nwrites on n9 take 60 ms",
        "[FIRING:2] DiskLatencyHigh n1:9100 (page)\nwrites on n1 take 9 ms\n LABELS = map[alertname:DiskLatencyHigh instance:n1]\nStarted 2026-01-02 03:04:05",
    ],
)
def test_every_monitoring_system_says_the_same(text):
    assert set(masked(text).lines) == {"disk latency high", "writes on * take * ms"}


def test_a_title_that_was_cut_off_says_nothing_more_than_the_line_it_repeats():
    line = "n3: writes to the journal of the ledger have been slow for an hour"

    assert masked(f"{line[:50]}\n{line}").lines == masked(line).lines


@pytest.mark.parametrize(
    "body",
    [
        "Hello team,\n\nthe tray is empty\n\nkind regards\nJane",
        "hi,\nthe tray is empty\nthanks",
        "helol taem,\nthe tray is empty\nthnaks",
        "the tray is empty\n-- \nJane Roe, room 12",
        "received from: jane@example.org\n> is it fixed?\nthe tray is empty",
    ],
)
def test_courtesies_quotes_and_signatures_are_left_out(body):
    assert masked(f"printer stands\n{body}").lines == ("printer stands", "the tray is empty")


def test_a_line_after_the_farewell_that_is_more_than_a_signature_is_read():
    told = masked(
        "printer stands\nthanks\n" + "\n".join(f"the tray number {w} is empty" for w in "abcdefgh")
    )

    assert "tray" in told.terms


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("link r1.example.com -> 10.0.0.1 (fe80::1, 00:11:22:33:44:55) down", "link * down"),
        ("see https://wiki.example.com/x or mail noc@example.com", "see * or mail"),
        ("cannot write /var/log/x at 2026-03-04T12:00:00Z", "cannot write"),
        ("job 0xdeadbeef of deadbeef failed", "job * of * failed"),
        ("pod shop/cart-7f9 restarts", "pod * restarts"),
        ("high rate of 5xx, little of 4xx", "high rate of 5xx little of 4xx"),
        ("TooManyHttp5xxErrors", "too many http 5xx errors"),
        ("ipv6 route of rpc.statd lost", "ipv6 route of rpc statd lost"),
        ('the queue "orders" grows', "the queue * grows"),
        ("java.net.NoRouteToHostException", "no route to host exception"),
    ],
)
def test_what_names_one_thing_is_a_mark_and_what_tells_stays(text, left):
    assert masked(text).lines == (left,)


def test_words_that_stand_for_one_thing_are_names():
    assert masked('redis25 and "orders" and cache-3').names == {"redi", "order", "cach"}


def test_a_denial_belongs_to_the_word_that_it_denies():
    assert "not-down" in masked("the link is not down").terms
    assert "not-ready" in masked("KubeletNotReady").terms


def test_the_order_of_the_lines_does_not_matter_to_the_signature():
    assert masked("fan broke\ndisk full").signature == masked("disk full\nfan broke").signature
    assert masked("fan broke").signature != masked("disk broke").signature


@pytest.mark.parametrize("text", ["", "\n", "srv12 10.0.0.1", "***", "PROBLEM: n7"])
def test_a_text_that_only_names_says_nothing(text):
    assert masked(text).lines == ()
    assert masked(text).terms == ()


def test_only_so_many_words_of_a_long_text_count():
    text = "\n".join(f"{a}{b}x fails" for a in "abcdefghij" for b in "klmnopqrst")

    assert len(masked(text * 100).terms) <= MAX_WORDS


@given(st.text(max_size=300))
def test_what_is_stored_of_a_text_is_all_that_there_is(text):
    one = masked(text)

    assert remembered(one.lines, one.names) == one


@pytest.mark.parametrize(
    "piece",
    [
        "*",
        "a@",
        "a:",
        "a/",
        "1.",
        "aA",
        "A5xxB",
        '"a',
        "2026-01-01 ",
        "(((",
        "a-",
        "not ",
        "ä",
        "hi ",
    ],
)
@pytest.mark.timeout(2)
def test_no_text_takes_long(piece):
    for text in (piece * 100_000, f"x\n{piece * 3_000} y", f"x\nfrom: {piece * 3_000} y"):
        assert len(masked(text).terms) <= MAX_WORDS
