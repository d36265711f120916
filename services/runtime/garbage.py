"""GARBAGE: when the collector looks for circles. Nearly all that is made here ends by itself, and goes at once."""

import gc
from typing import Final

COLLECT_AFTER: Final = 20_000
"""Objects that came and did not go, after which the youngest are looked through."""


def seldom() -> None:
    """For a whole process, before it loads anything: measured, a quarter of the CPU of a service's start.

    Python looks after each few hundred, and what a module makes stays.
    """
    gc.set_threshold(COLLECT_AFTER)


def settle() -> None:
    """Work begins: measured, a tenth of the CPU of a record.

    What lives now lives as long as the process, and need not be walked at every collection.
    """
    gc.collect()
    gc.freeze()
    seldom()
