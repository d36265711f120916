"""Which test addresses are none, as people read real referrals there."""

from typing import Any

import pytest

from schemas.partner import FhirChannel, FhirMessageChannel, InboxChannel, Partner, StaticHeaders, Tls, Trial
from services.notify.kit.scope import at_real_address
from tests.unit.notify import samples

REAL = "https://real.example/fhir"
LOGIN = StaticHeaders(type="headers", headers={"X-Key": "env:TEST_KEY"})


def at(url: str = REAL) -> FhirChannel:
    """A FHIR server there."""
    return FhirChannel.model_validate({"type": "fhir", "url": url})


def message(destination: str) -> FhirMessageChannel:
    """One receiver behind a proxy that many share."""
    return FhirMessageChannel.model_validate({"type": "fhir-message", "url": REAL, "destination": destination})


def entry(trial: Trial, **given: Any) -> Partner:
    """With that test address."""
    return samples.partner(url=REAL).model_copy(update={"trial": trial, **given})


HERE = at("http://127.0.0.1:8411")
INBOX = InboxChannel(type="inbox")


@pytest.mark.parametrize(
    ("partner", "real"),
    [
        (entry(Trial(channel=at())), True),
        (entry(Trial(channel=message("urn:x:1")), channel=message("urn:x:1")), True),
        (entry(Trial(channel=message("urn:x:2")), channel=message("urn:x:1")), False),
        (entry(Trial(channel=at("https://test.example/fhir"))), False),
        (entry(Trial(channel=at(), authentication=LOGIN)), False),
        (entry(Trial(channel=at(), tls=Tls(certificate="env:CERTIFICATE", key="env:KEY"))), False),
        (entry(Trial(channel=at()), live=False), False),
        (entry(Trial(channel=HERE), channel=HERE), False),
        (entry(Trial(channel=INBOX), channel=INBOX), False),
    ],
    ids=["same", "receiver", "other receiver", "other", "login", "certificate", "not live", "sandbox", "inbox"],
)
def test_a_trial_is_at_the_real_address_only_where_nothing_tells_it_apart(partner: Partner, *, real: bool) -> None:
    """Another address, receiver or login is a test system; so is what gets no real referrals, or runs here."""
    tried = partner.on_trial
    assert tried is not None
    assert at_real_address(partner, tried) is real
