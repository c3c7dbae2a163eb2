"""Everything that the document of the API allows, and more, is asked of the product: no 5xx, and every answer as the document says.

A sample at each run; `make fuzz` asks 50,000 times.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.hostile.canaries import VALUES
from tests.hostile.conftest import Ground
from tests.hostile.running import Hostile

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ensure_resource_availability",
)
"""The others judge what is right here: rules that a schema cannot say are answered with 422 (`positive_data_acceptance`), a time
may be a number (`negative_data_rejection`), a note's subject may hold slashes (`unsupported_method`), and a list stands after one
of its things is deleted (`use_after_free`).
"""
ENDLESS = "events$"
"""Streams, which a client ends."""
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
LEAST = int(os.environ.get("FUZZ_CALLS", "500"))
ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.timeout(300 + EXAMPLES * 10)]


def test_whatever_is_asked_is_answered_as_the_document_says(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, value in VALUES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    product = Hostile(tmp_path, ground.places.template)
    product.start()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "run", f"{product.url}/api/v1/openapi.json",
             "--url", product.url, "--exclude-path-regex", ENDLESS, "--checks", ",".join(CHECKS),
             "--max-examples", str(EXAMPLES), "--seed", "1", "--workers", "1", "--request-timeout", "30",
             "--generation-database", "none", "--continue-on-failure", "--no-color", "--warnings", "off"],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        answers = product.raw("/audit/verify")
    finally:
        product.stop()
    asked = re.search(r"(\d+) generated", done.stdout)

    sys.stdout.write(done.stdout[done.stdout.rfind("= SUMMARY") :])
    assert done.returncode == 0, done.stdout[-20_000:]
    assert asked, done.stdout[-2_000:]
    assert int(asked[1]) >= LEAST
    assert answers[0] == 200
    assert b'"ok":true' in answers[1]
    assert "Traceback" not in product.log
