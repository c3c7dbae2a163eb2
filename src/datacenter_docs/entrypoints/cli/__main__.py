"""`python -m datacenter_docs.entrypoints.cli`: the same as the console script."""

from datacenter_docs.entrypoints.cli.main import run

run()
