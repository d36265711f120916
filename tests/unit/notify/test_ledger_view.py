"""Ids as people type them."""

from uuid import UUID

import pytest

from services.notify.ledger_view import span
from services.runtime.errors import Refused


def test_the_first_digits_span_every_id_that_begins_so() -> None:
    """With or without dashes, in any case; a whole id spans itself."""
    assert span("7EFbaa82-d3", "en") == (
        UUID("7efbaa82-d300-0000-0000-000000000000"),
        UUID("7efbaa82-d3ff" + "-ffff" * 2 + "-" + "f" * 12),
    )
    whole = "7efbaa82-d369-50fc-8e0c-f18ee7f683a6"
    assert span(whole, "en") == (UUID(whole), UUID(whole))


@pytest.mark.parametrize("text", ["zz", "7efbaa82-d369-50fc-8e0c-f18ee7f683a6a", "*"])
def test_what_is_no_id_is_refused(text: str) -> None:
    """With what an id is made of."""
    with pytest.raises(Refused, match="hex digits"):
        span(text, "en")
