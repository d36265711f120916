"""Ids are derived."""

from uuid import uuid5

from hypothesis import given
from hypothesis import strategies as st

from schemas import ids

TEXT = st.text(max_size=40)


@given(TEXT, TEXT)
def test_our_derivation_is_uuid5(source: str, record: str) -> None:
    """The hand-written derivation agrees with the standard library's (RFC 9562, section 5.5)."""
    assert ids.derived(ids.NAMESPACE, source, record) == uuid5(ids.NAMESPACE, f"{source}\x1f{record}")


@given(TEXT, TEXT)
def test_a_replay_makes_the_same_ids(source: str, record: str) -> None:
    """The same record of the same source is the same signal, today and next year."""
    assert ids.signal_id(source, record) == ids.signal_id(source, record)


@given(TEXT, TEXT, TEXT, TEXT)
def test_different_records_are_different_signals(source: str, record: str, other: str, second: str) -> None:
    """No two records share a signal, also when their texts run into each other."""
    same = (source, record) == (other, second)
    assert (ids.signal_id(source, record) == ids.signal_id(other, second)) is same


def test_partner_and_revision_each_make_another_referral() -> None:
    """One signal, one partner, one revision."""
    signal = ids.signal_id("urn:x", "1")
    made = {ids.referral_id(signal, partner, revision) for partner in ("", "a", "b") for revision in (1, 2, 11)}
    assert len(made) == 9
