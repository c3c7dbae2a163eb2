"""Channels to people."""
