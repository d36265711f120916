"""Of what a report is proof: what makes it another one, and what does not."""

from typing import Any

import pytest

from schemas.partner import FhirChannel, Partner, StaticHeaders, Tls, Trial, WebhookChannel
from services.notify.fingerprint import fingerprint, server
from tests.unit.notify import samples

PIN = f"sha256/{'A' * 43}="
OTHER = f"sha256/{'B' * 43}="
HEADERS = StaticHeaders(type="headers", headers={"X-Key": "env:KEY"})


def hook(**given: Any) -> WebhookChannel:
    """The usual one, changed in this."""
    return WebhookChannel.model_validate(
        {"type": "webhook", "url": "https://hook.example/", "secret": "env:HOOK"} | given
    )


TRIED = Trial(channel=hook(url="https://test.example/"))
ENTRY = samples.partner().model_copy(update={"channel": hook(), "trial": TRIED, "tls": Tls(pins=(PIN, OTHER))})


def changed(**given: Any) -> Partner:
    """The usual entry, changed in this."""
    return ENTRY.model_copy(update=given)


@pytest.mark.parametrize(
    "other",
    [
        changed(channel=hook(url="https://hook.example/2")),
        changed(channel=hook(signature="v1a")),
        changed(channel=FhirChannel.model_validate({"type": "fhir", "url": "https://hook.example/"})),
        changed(trial=TRIED.model_copy(update={"channel": hook(url="https://elsewhere.example/")})),
        changed(trial=Trial.model_validate({**TRIED.model_dump(), "receipts": "https://elsewhere.example/held"})),
        changed(trial=TRIED.model_copy(update={"authentication": HEADERS})),
        changed(trial=None),
        changed(tls=Tls(pins=(PIN,))),
        changed(authentication=HEADERS),
        changed(feedback=None if ENTRY.feedback else samples.partner(feedback={"type": "task"}).feedback),
    ],
)
def test_another_server_or_way_is_another_fingerprint(other: Partner) -> None:
    """At the real address or at the test address, to us or from us."""
    assert fingerprint(other) != fingerprint(ENTRY)


@pytest.mark.parametrize(
    "same",
    [
        changed(channel=hook(secret="env:NEW", previous="env:HOOK", previous_until=samples.AT)),  # noqa: S106  a place
        changed(tls=Tls(pins=(OTHER, PIN), certificate="env:OURS", key="env:KEY")),
        changed(concurrency=2, telephone="0800 2000", live=False),
        changed(trial=TRIED.model_copy(update={"channel": TRIED.channel.model_copy(update={"secret": "env:U"})})),
    ],
)
def test_our_own_keys_and_what_is_no_server_change_nothing(same: Partner) -> None:
    """Or a key could not be changed without a new trial."""
    assert fingerprint(same) == fingerprint(ENTRY)


@pytest.mark.parametrize(
    "other",
    [
        changed(channel=hook(url="https://hook.example:8443/")),
        changed(channel=FhirChannel.model_validate({"type": "fhir", "url": "https://hook.example/"})),
        changed(tls=Tls(pins=(PIN,))),
        changed(tls=Tls()),
        changed(authentication=HEADERS),
    ],
)
def test_whoever_vouches_for_a_server_vouches_for_no_other(other: Partner) -> None:
    """Another address, key or way in is not what two persons looked at."""
    assert server(other) != server(ENTRY)


@pytest.mark.parametrize(
    "same",
    [
        changed(trial=None),
        changed(trial=TRIED.model_copy(update={"channel": hook(url="https://elsewhere.example/")})),
        changed(channel=hook(secret="env:NEW"), concurrency=2),  # noqa: S106  a place
    ],
)
def test_what_is_mended_meanwhile_takes_no_word_back(same: Partner) -> None:
    """It is given so that there is time to be tried: at a test address that may not be there yet."""
    assert server(same) == server(ENTRY)
