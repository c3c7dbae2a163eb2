"""The site in a real browser, from the disk: its own scripts run, and nothing that a name says."""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.fakes.estate_samples import vm
from tests.unit.publishing.library import Library, things

from datacenter_docs.adapters.publishing import places

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=2000",
)
SEARCHING = """<!doctype html><title>search</title>
<div class="search" data-root=""><input><ul class="found"></ul></div>
<script src="site.js"></script>
<script>
const box = document.querySelector("input");
box.value = "title";
box.dispatchEvent(new Event("input"));
</script>"""

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt install chromium"),
    pytest.mark.timeout(120),
]


def opened(page: Path, profile: Path) -> str:
    """What has become of a page in the browser."""
    assert CHROMIUM is not None
    done = subprocess.run(
        [CHROMIUM, *QUIET, f"--user-data-dir={profile}", "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


async def site(folder: Path) -> Path:
    library = Library()
    await library.survey(*things())
    await library.publish(folder)
    return folder


async def test_no_name_runs_and_the_freshness_does(tmp_path: Path):
    folder = await site(tmp_path / "site")
    for name in ("virtualization.html", places.of_resource(vm("vm-0"), ".html")):
        page = opened(folder / name, tmp_path / "profile")

        assert "<title>hacked</title>" not in page
        assert 'class="freshness stale"' in page  # the fake clock is long ago
        assert "promised is at most 2 h" in page


async def test_the_search_finds_hostile_names_as_text(tmp_path: Path):
    folder = await site(tmp_path / "site")
    (folder / "searching.html").write_text(SEARCHING)
    page = opened(folder / "searching.html", tmp_path / "profile")

    assert "<title>search</title>" in page
    assert page.count("<li><a href=") == 3
    assert "&lt;script&gt;document.title='hacked'&lt;/script&gt;" in page
