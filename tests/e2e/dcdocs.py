"""The console script, as a module: a child process then runs the same Python as the tests."""

from datacenter_docs.entrypoints.cli.main import run

if __name__ == "__main__":
    run()
