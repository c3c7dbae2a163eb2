"""The measures of patterns on the stream that they generate themselves, held to what is promised of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.similarity import generated, logs, stream
from benchmarks.similarity.measuring import b_cubed, calibration_error, percentile
from tests.architecture.repository import ROOT


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    return stream.measure(generated.stream(4_000))


def test_a_generated_stream_is_the_same_each_time():
    assert generated.stream(200) == generated.stream(200)
    assert generated.stream(200) != generated.stream(200, seed=8)


@pytest.mark.parametrize("variant", ["", "unrevealed_"])
def test_patterns_keep_their_promises_on_generated_tickets(measured, variant):
    assert measured[f"{variant}correct"] >= 0.92
    assert measured[f"{variant}wrong"] <= 0.02
    assert measured[f"{variant}novel_false_accepts"] <= 0.03
    assert measured[f"{variant}automatic_coverage"] >= 0.50
    assert measured[f"{variant}automatic_wrong"] <= 0.005


def test_log_lines_keep_theirs():
    measured = logs.measure(list(generated.log_lines(3_000)))

    assert measured["wrong"] <= 0.01
    assert measured["b3_f1"] >= 0.85


def test_all_that_can_happen_to_an_answer_is_counted():
    told = [("fan of the array broke", "fan"), ("fan of the array broke", "fan"),
            ("link of the hall down", "link"), ("fan of the array broke", "other")]  # fmt: skip
    records = [{"text": text, "label": label} for text, label in told]
    measured = stream.walk(records, revealed=True)

    assert measured["tickets"] == 4
    assert measured["correct"] == 0.75
    assert measured["novel_false_accepts"] == pytest.approx(1 / 3)
    assert measured["automatic_coverage"] == 0.5
    assert measured["automatic_wrong"] == 0.5


def test_b_cubed_of_a_perfect_and_of_a_lumped_answer():
    assert b_cubed([1, 1, 2], ["a", "a", "b"]) == (1, 1, 1)
    precision, recall, _ = b_cubed([1, 1, 1, 1], ["a", "a", "b", "b"])
    assert (precision, recall) == (0.5, 1)


def test_the_calibration_error_is_the_mean_gap():
    assert calibration_error([(1.0, True), (1.0, False)]) == 0.5
    assert calibration_error([]) == 0
    assert percentile([3, 1, 2], 0.99) == 3


def test_the_program_reads_a_file_and_prints_json(tmp_path: Path):
    file = tmp_path / "told.jsonl"
    records = [{"text": "link down", "label": "a"}, {"text": "link down", "label": "a"}]
    file.write_text("\n".join(map(json.dumps, records)))
    command = [sys.executable, "-m", "benchmarks.similarity", "logs", "--data", file, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)

    assert json.loads(done.stdout)["correct"] == 1
