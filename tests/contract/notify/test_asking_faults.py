"""What one Task of a partner's does to us is that Task's: the others are heard, and an operator sees it."""

from typing import Any
from uuid import UUID

import pytest

from schemas.progress import Progress
from services.notify.partner_status import statuses
from services.notify.partner_table import sentences
from services.notify.report_intake import Following
from tests.contract.notify.polling import Beat, Server, delivered, later, task
from tests.unit.notify import samples
from tests.unit.notify.samples import AT, PARTNER


async def test_a_date_that_stands_for_none_holds_up_nothing(beat: Beat, server: Server) -> None:
    """.NET's empty date at any offset: what the Task says is taken, and so is what every other one says."""
    dates = ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", AT.isoformat())
    referrals = [samples.referral(str(number)) for number in range(len(dates))]
    await delivered(beat.ledger, *referrals)
    for status in ("received", "accepted"):
        server.tasks = [task(each, status, lastModified=at) for each, at in zip(referrals, dates, strict=True)]
        later(beat)
        await beat.ask()
    assert [await beat.status(each) for each in referrals] == [Progress.ACCEPTED] * len(dates)
    assert (await beat.round()).fault is None


async def test_a_task_that_cannot_be_read_is_shown_and_holds_up_no_other(beat: Beat, server: Server) -> None:
    """The other is taken, the round goes on in its time, and an operator sees it until it can be read."""
    first, second = samples.referral(), samples.referral("2")
    await delivered(beat.ledger, first, second)
    for status, fault in (("no status of FHIR's", "unreadable-task"), ("in-progress", None)):
        server.tasks = [task(first, status), task(second, "accepted")]
        later(beat)
        await beat.ask()
        round_ = await beat.round()
        assert (round_.failures, round_.fault) == (0, fault)
        assert beat.ledger.now < round_.due_at
    assert [await beat.status(each) for each in (first, second)] == [Progress.IN_PROGRESS, Progress.ACCEPTED]


async def test_a_task_that_fails_us_holds_up_no_other(
    beat: Beat, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours in taking one is told, shown as the round's, and the others are heard, whatever their order."""
    referrals = [samples.referral(), samples.referral("2")]
    await delivered(beat.ledger, *referrals)
    take, ours = Following.take, min(each.id for each in referrals)

    async def faulty(self: Following, partner: str, about: UUID, told: Any) -> Any:
        if about == ours:
            raise OverflowError("date value out of range")
        return await take(self, partner, about, told)

    monkeypatch.setattr(Following, "take", faulty)
    server.tasks = [task(each, "accepted") for each in sorted(referrals, key=lambda each: each.id)]
    later(beat)
    await beat.ask()
    found = {each.id == ours: await beat.status(each) for each in referrals}
    assert found == {True: Progress.REQUESTED, False: Progress.ACCEPTED}
    assert (await beat.round()).fault == "unreadable-task"
    assert "tells what we cannot take: unreadable-task" in await shown(beat)


async def shown(beat: Beat) -> str:
    """As `partner status` tells it."""
    async with beat.ledger.database.read() as connection:
        [status] = await statuses(connection, [beat.directory.partners[PARTNER]], beat.ledger.now)
    return "; ".join(sentences(status, beat.ledger.now, "en"))
