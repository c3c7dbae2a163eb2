"""How fast the command line starts, and how much memory an idle `up` takes: `python -m benchmarks.speed.start`."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCRIPT = str(Path(sys.executable).with_name("dcdocs"))
ROUNDS = 10
HELP_GOAL_SECONDS = 0.4
IDLE_GOAL_MEGABYTES = 250
SETTLE_SECONDS = 5.0


def help_seconds() -> float:
    """The median of some starts of `dcdocs --help`; the first one, which fills caches, does not count."""
    taken = []
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        subprocess.run([SCRIPT, "--help"], check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken[1:])


def idle_megabytes() -> float:
    """Resident memory of `dcdocs up` with an empty estate, a few seconds after its start; its children are none."""
    with tempfile.TemporaryDirectory() as folder:
        estate = Path(folder) / "estate.yaml"
        estate.write_text("connections: []\n", encoding="utf-8")
        command = [SCRIPT, "up", "--port", "0", "--data-dir", folder, "--estate", str(estate)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                process.stdout.readline()
                time.sleep(SETTLE_SECONDS)
                status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
            finally:
                process.terminate()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024


def main() -> None:
    seconds, megabytes = help_seconds(), idle_megabytes()
    print(f"dcdocs --help: {seconds:.3f} s (median of {ROUNDS}; goal < {HELP_GOAL_SECONDS} s)")
    print(f"idle up: {megabytes:.0f} MB resident (goal < {IDLE_GOAL_MEGABYTES} MB)")


if __name__ == "__main__":
    main()
