"""Floor 2: what the services need from outside, as Protocols without code. Each has a fake in `tests/fakes`."""
