"""Of what a report is proof: what makes it another one, and what does not."""

from collections.abc import Callable
from typing import Any

import pytest

from schemas.partner import (
    ClientCredentials,
    FhirChannel,
    Partner,
    SmartBackend,
    StaticHeaders,
    Tls,
    Trial,
    WebhookChannel,
)
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


BY_SECRET = {"type": "oauth2", "client_id": "us", "client_secret": "env:S"}
BY_KEY = {"type": "smart-backend", "client_id": "us", "key": "env:K", "key_id": "1"}


def by_token(url: str, **given: str) -> ClientCredentials | SmartBackend:
    """Tokens from there."""
    how = ClientCredentials if given["type"] == "oauth2" else SmartBackend
    return how.model_validate({**given, "token_url": url})


@pytest.mark.parametrize("known_by", [fingerprint, server])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            {"authentication": by_token("https://id.example/", **how)},
            {"authentication": by_token("https://x.example/", **how)},
        )
        for how in (BY_SECRET, BY_KEY)
    ]
    + [
        ({"tls": Tls()}, {"tls": Tls(authorities="file:/ca.pem")}),
        ({"tls": Tls(authorities="file:/ca.pem")}, {"tls": Tls(authorities="file:/other.pem")}),
        ({"allow_networks": ()}, {"allow_networks": ("10.0.0.0/8",)}),
        ({"allow_networks": ("10.1.2.0/24",)}, {"allow_networks": ("10.0.0.0/8",)}),
    ],
    ids=["token by secret", "token by key", "authority", "other authority", "network", "wider network"],
)
def test_who_gives_tokens_who_vouches_and_where_it_may_lie_are_part_of_the_server(
    known_by: Callable[[Partner], str], before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Another one of them may lead to a server that nobody has seen, or hand it what lets us in."""
    assert known_by(changed(**before)) != known_by(changed(**after))


def test_the_order_of_networks_and_a_client_of_ours_change_nothing() -> None:
    """Nor where its secret stands: those are changed with our own keys."""
    one = changed(
        authentication=by_token("https://id.example/", **BY_SECRET), allow_networks=("10.1.0.0/16", "10.2.0.0/16")
    )
    renewed = BY_SECRET | {"client_secret": "env:NEW"}
    two = changed(
        authentication=by_token("https://id.example/", **renewed), allow_networks=("10.2.0.0/16", "10.1.0.0/16")
    )
    assert fingerprint(one) == fingerprint(two)


def test_networks_and_authorities_of_the_test_address_count_there() -> None:
    """A trial at another server proves another server, and its real server stands for itself."""
    inner = changed(trial=TRIED.model_copy(update={"allow_networks": ("10.0.0.0/8",)}))
    assert fingerprint(inner) != fingerprint(ENTRY)
    assert server(inner) == server(ENTRY)
