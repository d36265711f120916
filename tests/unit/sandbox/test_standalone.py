"""A sandbox partner as a program of its own: what it verifies with, and what it is told wrongly."""

import re
from collections.abc import Mapping

import pytest
from aiohttp import ClientSession
from yarl import URL

from services.runtime.clock import now
from services.runtime.errors import Refused
from services.sandbox.quartet import PLACEHOLDERS
from services.sandbox.standalone import PartnerKind, Standalone, Wishes
from tests.unit.sandbox.test_webhook_partner import BODY, PUBLIC, post, with_ours


async def test_with_our_public_key_it_has_no_secret_and_takes_what_we_signed(client: ClientSession) -> None:
    """None is made, none is printed; what is signed by another key is turned away."""
    told: list[Mapping[str, str]] = []
    partner = Standalone(Wishes(kind=PartnerKind.WEBHOOK, key=PUBLIC), told.append)
    await partner.start()
    try:
        [facts] = told
        assert "secret" not in facts
        assert await post(client, facts["address"], BODY, with_ours(at=now())) == 202
        assert await post(client, facts["address"], BODY + b" ", with_ours(at=now())) == 401
    finally:
        await partner.stop()


@pytest.mark.parametrize(("kind", "shipped"), [(PartnerKind.FHIR, "fhir"), (PartnerKind.WEBHOOK, "webhook")])
async def test_it_is_where_the_shipped_partners_are_said_to_be(kind: PartnerKind, shipped: str) -> None:
    """Started on the port in `deploy/config/partners.yaml`, it answers at the address there."""
    told: list[Mapping[str, str]] = []
    partner = Standalone(Wishes(kind=kind), told.append)
    await partner.start()
    try:
        assert URL(told[0]["address"]).path == URL(PLACEHOLDERS[shipped]).path
    finally:
        await partner.stop()


@pytest.mark.parametrize("mischief", ["wrong-certificate", "changed-key"])
async def test_a_certificate_is_nobodys_without_tls(mischief: str, client: ClientSession) -> None:
    """It would start and behave: refused with what to add, at the start and while it runs, and nothing changes then."""
    with pytest.raises(Refused, match="add --tls FOLDER"):
        Standalone(Wishes(kind=PartnerKind.FHIR, misbehave=(mischief,)), lambda _: None)
    told: list[Mapping[str, str]] = []
    partner = Standalone(Wishes(kind=PartnerKind.FHIR, misbehave=("redirect",)), told.append)
    await partner.start()
    try:
        async with client.put(told[0]["control"], json=[mischief]) as response:
            assert (response.status, "add --tls FOLDER" in (await response.json())["error"]) == (400, True)
        async with client.get(told[0]["control"]) as response:
            assert (await response.json())["playing"] == ["redirect"]
    finally:
        await partner.stop()


@pytest.mark.parametrize(
    ("kind", "key", "says"),
    [
        (PartnerKind.WEBHOOK, "whsec_" + "A" * 44, "seinpaal partner key"),
        (PartnerKind.WEBHOOK, "whpk_AAAA", "seinpaal partner key"),
        (PartnerKind.FHIR, PUBLIC, "leave --key out"),
    ],
    ids=["a-secret", "too-short", "nothing-signed"],
)
def test_a_key_that_is_none_or_for_nothing_is_refused(kind: PartnerKind, key: str, says: str) -> None:
    """Before anything listens; what was given is not repeated."""
    with pytest.raises(Refused, match=re.escape(says)) as refused:
        Standalone(Wishes(kind=kind, key=key), lambda _: None)
    assert key not in str(refused.value)
