"""What the log shows of texts that others wrote."""

from datacenter_docs.adapters.telemetry.logs import visible


def test_a_text_cannot_steer_the_terminal_of_whoever_reads_the_log():
    told = visible(None, "warning", {"event": "lost", "error": "x \x1b[2J\u202e y\n  z", "n": 7})

    assert told == {"event": "lost", "error": "x \\x1b[2J\\u202e y\n  z", "n": 7}
