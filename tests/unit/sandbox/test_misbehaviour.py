"""Partners misbehave as told: the same way every time, before or after they kept what they got."""

from collections import Counter

import pytest
from aiohttp import ClientError, ClientSession

from services.notify.fhir.specimen import SID, specimen
from services.sandbox.partners.fhir import FhirPartner
from services.sandbox.partners.misbehaviour import Conduct, Failure, Misbehave

TASK = f"{SID}/task|00000000-0000-5000-8000-0000000000aa"
FHIR = {"Content-Type": "application/fhir+json"}


def always(failure: Failure) -> Misbehave:
    """Every request fails in this way."""
    return Misbehave(rate=1.0, failures=(failure,))


@pytest.mark.parametrize(("failure", "status", "kept"), [(Failure.BUSY_BEFORE, 503, 0), (Failure.ERROR_AFTER, 500, 1)])
async def test_a_failure_comes_before_or_after_it_is_kept(
    failure: Failure, status: int, kept: int, partner: FhirPartner, client: ClientSession
) -> None:
    """503 keeps nothing; 500 kept it, and only the receipts tell."""
    partner.misbehaviour.policy = always(failure)
    async with client.post(await partner.start(), json=specimen(), headers=FHIR) as response:
        assert response.status == status
    assert len(partner.receipts.by_identifier) == kept


async def test_a_lost_answer_was_kept(partner: FhirPartner, client: ClientSession) -> None:
    """The connection closes without an answer; sent again it is a repetition, not a duplicate."""
    partner.misbehaviour.policy = always(Failure.CLOSE_AFTER)
    url = await partner.start()
    with pytest.raises(ClientError):
        await client.post(url, json=specimen(), headers=FHIR)
    partner.misbehaviour.policy = Misbehave()
    async with client.post(url, json=specimen(), headers=FHIR) as response:
        assert response.status == 200
    receipt = partner.receipts.by_identifier[TASK]
    assert (receipt.created, receipt.repeated) == (1, 1)
    assert partner.receipts.duplicates() == []


async def test_a_slow_partner_takes_its_time(partner: FhirPartner, client: ClientSession) -> None:
    """The request log has how long it took."""
    partner.misbehaviour.policy = Misbehave(slow=0.05)
    async with client.get(await partner.start() + "/metadata") as response:
        assert response.status == 200
    assert partner.receipts.requests[0].took >= 0.05


def test_the_share_that_fails_is_the_rate_and_the_seed_repeats_it() -> None:
    """Half of 4,000 requests fail, in every way; the same seed fails the same ones, another seed others."""
    policy = Misbehave(rate=0.5, seed=7)
    conducts = [policy.conduct(n) for n in range(4_000)]
    counted = Counter(conduct.failure for conduct in conducts)
    assert 1_850 < counted[Failure.NONE] < 2_150
    assert all(counted[failure] > 500 for failure in policy.failures)
    assert conducts == [Misbehave(rate=0.5, seed=7).conduct(n) for n in range(4_000)]
    assert conducts != [Misbehave(rate=0.5, seed=8).conduct(n) for n in range(4_000)]
    assert Misbehave(rate=0.0).conduct(3) == Conduct()
