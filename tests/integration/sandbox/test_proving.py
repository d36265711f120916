"""Whom `seinpaal up` puts to the test, and whom it leaves to a person."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.corporation import Sources
from schemas.feedback import SubscriptionFeedback
from schemas.partner import Access, Partner, Partners, Trial
from schemas.words import Words
from services.notify import standing_store
from services.notify.settings import MIGRATIONS
from services.runtime.database import open_database
from services.runtime.errors import Refused
from services.runtime.settings import KafkaSettings
from services.sandbox.partners.fhir import FhirPartner
from services.sandbox.partners.misbehaviour import Misbehave
from services.sandbox.proving import FIRST, SECOND, Proving, vouched
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

NOBODY = KafkaSettings(bootstrap="127.0.0.1:1")


def entry(name: str, url: str, **given: Any) -> Partner:
    """With its own address as its test address."""
    made = samples.partner(name, url=url, **given)
    return made.model_copy(update={"trial": Trial(channel=made.channel)})


async def test_a_partner_of_somebody_elses_is_neither_asked_nor_vouched_for(tmp_path: Path) -> None:
    """Only the one behind a sandbox address is checked, once, by its Subscription too; a stranger's gets nothing."""
    ours, theirs = FhirPartner("ours", accepts=True), FhirPartner("theirs", policy=Misbehave(rate=1.0))
    token = tmp_path / "token"
    token.write_text("a-token-of-theirs-that-is-long-enough-to-be-one")
    notifies: dict[str, Any] = {
        "feedback": SubscriptionFeedback(type="subscription", topic="https://sandbox.example/SubscriptionTopic/x"),
        "access": Access(tokens=(f"file:{token}",)),
    }
    url, other = await ours.start(), await theirs.start()
    try:
        partners = Partners(partners=(entry("ours", url, **notifies), entry("theirs", other)))
        for name, file in (("partners", partners), ("sources", Sources(corporations=()))):
            (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(file.model_dump(mode="json", exclude_none=True)))
        place = f"sqlite:///{tmp_path}/notify.db"
        steps: list[Words] = []
        for _ in range(2):
            proving = Proving(
                tmp_path, place, NOBODY, ours=lambda asked: asked.rstrip("/") == url, on_step=steps.append
            )
            await proving.start()
            assert proving.healthy().ready
            await proving.stop()
    finally:
        await ours.stop()
        await theirs.stop()
    assert [step.en for step in steps] == ["Putting the partners to the test 1/1"]
    assert not theirs.receipts.requests
    database = await open_database(place, MIGRATIONS)
    async with database.read() as connection:
        assert set(await standing_store.proofs(connection)) == {"ours"}
    await database.stop()


async def test_every_secret_that_is_not_there_is_told_as_one_refusal(tmp_path: Path) -> None:
    """Not as several faults without a word of what; mounted ones are looked for where they are."""
    url = "http://127.0.0.1:9/hook"
    partners = [entry("een", url, secret="env:NOT_GIVEN"), entry("twee", url, secret="mounted:not-there")]  # noqa: S106  where they would be
    for name, file in (("partners", Partners(partners=tuple(partners))), ("sources", Sources(corporations=()))):
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(file.model_dump(mode="json", exclude_none=True)))
    proving = Proving(
        tmp_path,
        f"sqlite:///{tmp_path}/notify.db",
        NOBODY,
        ours=lambda _: True,
        on_step=lambda _: None,
        mounted=tmp_path,
    )
    with pytest.raises(Refused, match=r"env:NOT_GIVEN is missing(?s:.*)\n.*mounted:not-there cannot be read"):
        await proving.start()


def test_two_persons_vouch_and_the_second_names_what_the_first_said() -> None:
    """Two ids, two people, one proposal."""
    first, second = vouched("failing", AT)
    assert (first.actor, second.actor, first.proposal, second.proposal) == (FIRST, SECOND, None, first.id)
    assert first.id != second.id
    assert first.at < second.at
