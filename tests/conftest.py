"""Fixtures of the whole test suite."""

pytest_plugins = ["tests.peers.fixtures"]
