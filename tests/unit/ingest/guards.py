"""The guard at the door, of both countries, as its tests put things to it."""

from typing import Final

from services.ingest import bsn

SECRET: Final = b"h" * 32
"""Of a test corporation's pseudonyms; not secret."""

NL: Final = bsn.Guard("NL", SECRET)
GB: Final = bsn.Guard("GB", SECRET)
SYNTHETIC: Final = "123456782"
OTHER: Final = "111222333"
"""Made up: both pass the elfproef."""


def parked(raw: bytes, guard: bsn.Guard = NL) -> tuple[bytes, int]:
    """What is kept of such a value, and how many numbers were taken out of it."""
    cleaning = bsn.Cleaning(guard)
    return cleaning.record(raw) or b"", cleaning.removed
