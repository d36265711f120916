"""How large what we send can be: the most that ingest takes, in characters of four bytes, on every channel."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from yarl import URL

from schemas.cloudevents import LONGEST_SOURCE, OUR_SOURCE
from schemas.codes import PartnerKind, Violence
from services.ingest.sources.landlord_event import MOST_PERSONS
from services.ingest.values import LONGEST_TEXT
from services.notify.channels.notified_pull import notification
from services.notify.channels.webhook_body import body
from services.notify.fhir.build import build
from services.notify.fhir.collection import build_collection
from services.notify.fhir.message import build_message
from services.notify.fhir.validate import Valid, validate
from services.notify.letter import Letter
from services.runtime.errors import Unreadable
from tests.unit.ingest.samples import a_concern, accepted, an_intake, became
from tests.unit.notify import samples
from tests.unit.notify.test_readme import README

WIDE: Final = "🏠"
"""Four bytes in UTF-8, the most that a character can be."""

LONG: Final = WIDE * 300
LARGEST, USUAL, SMALLEST = 256 * 1024, 20_000, 1_000
"""Bytes. nginx takes 1 MiB where nobody set anything; Standard Webhooks advises less than 20 kB."""


def concern(**changes: Any) -> dict[str, Any]:
    """Everything there is, longer than ingest keeps it."""
    person = {"name": LONG, "relation": LONG, "birthDate": "1990-01-02", "safePhone": LONG}
    contact = dict.fromkeys(("channel", "value", "window", "language"), LONG)
    return a_concern(
        narrative=WIDE * (LONGEST_TEXT + 1),
        persons=[{**person, "role": "alleged-perpetrator"}] * (MOST_PERSONS - 1) + [{**person, "role": "child"}],
        address={"lines": [LONG] * 10, "postcode": LONG, "city": LONG, "areaCode": "GM0193"},
        reporter=dict.fromkeys(("name", "role", "phone", "email"), LONG),
        safeContact={**contact, "allowed": "yes", "leaveMessage": "yes"},
        violence=[each.value for each in Violence],
        **changes,
    )


def letter(told: dict[str, Any]) -> Letter:
    """As ingest takes it, to a partner that may see all."""
    signal = accepted(told, an_intake("concern"))
    about = samples.referral(about=signal.facts, kind=PartnerKind.VEILIG_THUIS)
    return samples.letter(about, signal.particulars)


def passed(bundle: dict[str, Any]) -> bytes:
    """The bytes that may go out."""
    verdict = validate(bundle)
    assert isinstance(verdict, Valid)
    return verdict.body


CHANNELS: Final[dict[str, Callable[[Letter], bytes]]] = {
    "fhir": lambda each: passed(build(each)),
    "fhir-message": lambda each: passed(build_message(each, samples.DESTINATION)),
    "inbox and pull, as FHIR": lambda each: passed(build_collection(each)),
    "webhook, and what is fetched as one": lambda each: body(each, "urn:x:" + "x" * (LONGEST_SOURCE - 6)),
}
every_channel = pytest.mark.parametrize("pack", CHANNELS.values(), ids=CHANNELS.keys())


@every_channel
def test_the_largest_referral_there_can_be_is_within_what_receivers_take(pack: Callable[[Letter], bytes]) -> None:
    """A quarter of what a server takes where nobody set anything; and it is the largest: it holds the whole story."""
    packed = pack(letter(concern()))
    assert LONGEST_TEXT * len(WIDE.encode()) < len(packed) <= LARGEST
    assert (WIDE * LONGEST_TEXT).encode() in packed


@every_channel
def test_a_usual_referral_is_small(pack: Callable[[Letter], bytes]) -> None:
    """Two pages of text, three people and a contact."""
    told = samples.particulars(narrative="Verzonnen verhaal. " * 250, safe_contact=samples.SAFE)
    assert len(pack(samples.letter(told=told))) <= USUAL


def test_a_notification_is_as_good_as_nothing() -> None:
    """Whatever it is about."""
    assert len(notification(samples.referral().id, URL("https://seinpaal.example/reception/"), OUR_SOURCE)) <= SMALLEST


@pytest.mark.parametrize(
    "more",
    [{"persons": [{"name": "x"}] * (MOST_PERSONS + 1)}, {"address": {"lines": ["x"] * 11}}],
    ids=["people", "lines"],
)
def test_what_would_make_it_larger_is_parked_at_the_door(more: dict[str, Any]) -> None:
    """The lists of a concern have an end, so the bound above holds for every referral."""
    assert isinstance(became(a_concern(**more), an_intake("concern")), Unreadable)


def test_partners_read_how_large_it_can_be() -> None:
    """The page for them has the same numbers."""
    assert "256 KiB" in README
