"""The people at sandbox partners, and how their partners' entries come to say how they are heard."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import orjson
import yaml

from schemas.partner import Partners
from services.sandbox.configuration import SHIPPED
from services.sandbox.partner_feedback import conversing
from services.sandbox.partners.staff import (
    ACCEPTED,
    CANCELLED,
    COMPLETED,
    ELSEWHERE,
    RECEIVED,
    REJECTED,
    Staff,
    Word,
    words,
)

HOSTS = {"8401": "fhir", "8402": "webhook", "8403": "slow", "8404": "failing"}


def serving(url: str) -> str:
    """The server at an address of the shipped file."""
    return next((host for port, host in HOSTS.items() if f":{port}" in url), "")


def said(number: int, *, withdrawn: bool = False, turns_down: bool = True) -> Sequence[Word]:
    """About one of many referrals."""
    return words(f"referral-{number}", withdrawn=withdrawn, turns_down=turns_down)


def test_what_they_say_is_the_same_every_time_and_of_every_kind() -> None:
    """Most are accepted, some of those ended; some are turned down, where that is done; what is taken back, let go."""
    assert said(1) == said(1)
    stories = {tuple(word.status for word in said(number)) for number in range(200)}
    assert stories == {(ACCEPTED,), (ACCEPTED, COMPLETED), (RECEIVED,), (REJECTED,)}
    assert {word.code for number in range(200) for word in said(number)} == {"", ELSEWHERE}
    assert not any(word.code for number in range(200) for word in said(number, turns_down=False))
    assert [word.status for word in said(1, withdrawn=True)] == [CANCELLED]


async def test_a_newer_revision_is_dealt_with_anew() -> None:
    """Nothing more is said of the one before; and when they go home, nothing at all."""
    told: list[str] = []
    everything = asyncio.Event()

    async def say(_referral: str, word: Word) -> None:
        told.append(word.status)
        everything.set()

    staff = Staff(say, pace=0.001)
    staff.receives("a", withdrawn=False)
    staff.receives("a", withdrawn=True)
    async with asyncio.timeout(10):
        await everything.wait()
    await staff.stop()
    staff = Staff(say, pace=1000)
    staff.receives("b", withdrawn=False)
    await staff.stop()
    assert told == [CANCELLED]


def test_each_partner_of_the_sandbox_is_heard_in_a_way_of_its_own(tmp_path: Path) -> None:
    """By PUT, by Subscription, by polling; who fails says nothing; a partner of somebody else's stays as it is."""
    file = tmp_path / "partners.yaml"
    partners = yaml.safe_load((SHIPPED / "partners.yaml").read_text())
    partners["partners"].append(partners["partners"][0] | {"id": "elders", "channel": {"type": "inbox"}})
    file.write_text(yaml.safe_dump(partners))
    tokens = conversing(file, serving, tmp_path / "tokens")
    made = Partners.model_validate_json(orjson.dumps(yaml.safe_load(file.read_text()))).partners
    heard = {each.id: None if each.feedback is None else each.feedback.type for each in made}
    assert heard["veilig-thuis-voorbeeld"] == "subscription"
    assert heard["kadera-voorbeeld"] is heard["idva-example"] is None
    assert [each.id for each in made if each.access.tokens and not each.feedback] == [
        "kadera-voorbeeld",
        "idva-example",
    ]
    assert heard["childrens-services-example"] == heard["wijkteam-zwolle-voorbeeld"] == "polling"
    assert heard["marac-example"] is heard["elders"] is None
    assert len({token for of in tokens.values() for token in of.values()}) == 6
    before = {path.name: path.read_text() for path in (tmp_path / "tokens").iterdir()}
    conversing(file, serving, tmp_path / "tokens")
    assert {path.name: path.read_text() for path in (tmp_path / "tokens").iterdir()} == before
