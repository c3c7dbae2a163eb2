"""How often a process looks for circular garbage: seldom, since what the product holds is large and has next to none."""

import gc

COLLECT_AFTER_ALLOCATIONS = 50_000
"""Instead of 700: a thousand resources are a hundred thousand objects that are all in use."""


def settle_memory() -> None:
    """What was loaded by now stays, so the garbage collector need not look at it again; it runs less often, too.

    Measured: a third of the time of a request (`benchmarks/speed/post_tickets.py`) and an eighth of that of a page of the
    site (`benchmarks/speed/documents.py`) went into collections.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER_ALLOCATIONS, 20, 20)
