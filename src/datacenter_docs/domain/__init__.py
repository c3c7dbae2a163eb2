"""Floor 1: the nouns of the product, as frozen values and pure functions over them.

Everything that can be decided from values is decided here. Nothing here reads a clock, a file, a socket or an
environment variable; `now` is always an argument.
"""
