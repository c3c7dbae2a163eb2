"""How well the product recognises what it has seen: patterns, duplicates, runbooks, categories, and how fast at scale.

Every task measures the code that the product runs, on a file of the reader's or on data that it generates itself.
"""
