"""Which test addresses are none, as people read real referrals there."""

from typing import Any

import pytest

from schemas.feedback import SubscriptionFeedback
from schemas.partner import Access, FhirChannel, FhirMessageChannel, InboxChannel, Partner, StaticHeaders, Tls, Trial
from services.notify.kit.scope import at_real_address, shown_elsewhere
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


KEYED = StaticHeaders(type="headers", headers={"X-Key": "env:REAL_KEY"})
ELSEWHERE = "https://test.example/fhir"
HELD = "https://held.example/held"


@pytest.mark.parametrize(
    ("trial", "given", "shown"),
    [
        (Trial(channel=at(ELSEWHERE)), {"authentication": KEYED}, True),
        (Trial(channel=at(ELSEWHERE)), {"authentication": KEYED, "live": False}, True),
        (Trial(channel=at("https://real.example:8443/fhir")), {"authentication": KEYED}, True),
        (Trial.model_validate({"channel": at(REAL + "/test"), "receipts": HELD}), {"authentication": KEYED}, True),
        (Trial(channel=at(ELSEWHERE)), {"authentication": KEYED, "channel": HERE}, True),
        (Trial(channel=at(ELSEWHERE), authentication=LOGIN), {"authentication": KEYED}, False),
        (Trial(channel=at(REAL + "/test")), {"authentication": KEYED}, False),
        (Trial(channel=at(ELSEWHERE)), {}, False),
        (Trial(channel=at("http://[::1]:8405")), {"authentication": KEYED, "channel": HERE}, False),
    ],
    ids=["other", "not live", "port", "receipts", "from here", "own login", "same server", "no login", "sandbox"],
)
def test_what_lets_us_in_at_the_real_address_is_shown_to_no_other_server(
    trial: Trial, given: dict[str, Any], *, shown: bool
) -> None:
    """A test address elsewhere has a login of its own, or none is needed at all."""
    partner = entry(trial, **given)
    tried = partner.on_trial
    assert tried is not None
    assert shown_elsewhere(partner, tried) == ("authentication" if shown else None)


TOKENS = Access(tokens=("env:THEIRS",))
NOTIFIES = SubscriptionFeedback(type="subscription")


@pytest.mark.parametrize(
    ("trial", "given", "needs"),
    [
        (Trial(channel=at(ELSEWHERE)), {}, "access"),
        (Trial(channel=at(ELSEWHERE)), {"authentication": KEYED}, "authentication"),
        (Trial(channel=at(ELSEWHERE), authentication=LOGIN), {"authentication": KEYED}, "access"),
        (Trial(channel=at(ELSEWHERE), access=Access(tokens=("env:TESTS",))), {}, None),
        (Trial(channel=at(ELSEWHERE)), {"feedback": None}, None),
        (Trial(channel=at(ELSEWHERE)), {"access": Access()}, None),
        (Trial(channel=at(REAL + "/test")), {}, None),
        (Trial(channel=at("http://[::1]:8405")), {"channel": HERE}, None),
    ],
    ids=["other", "both", "login", "own token", "not notified", "no token", "same server", "sandbox"],
)
def test_what_lets_the_partner_in_with_us_stands_in_no_subscription_at_another_server(
    trial: Trial, given: dict[str, Any], needs: str | None
) -> None:
    """Whoever runs the test server would fetch real referrals by it."""
    partner = entry(trial, **{"feedback": NOTIFIES, "access": TOKENS, **given})
    tried = partner.on_trial
    assert tried is not None
    assert shown_elsewhere(partner, tried) == needs
