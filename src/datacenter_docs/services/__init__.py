"""Floor 3: one use case a file, named by a gerund. They talk to ports only, return values, and do not log."""
