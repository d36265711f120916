"""Who may be chosen is who gives that help on the day of the signal's country: a contract ends at its midnight."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from schemas.codes import LegalBasis, PartnerKind
from schemas.command import Action, Command
from schemas.delivery import DeliveryState
from schemas.partner import Serves
from schemas.progress import Progress, Rejection
from services.notify.commanding import carried_out
from services.notify.directory import Directory
from services.notify.dossier import dossier
from services.notify.escalation import Waiting
from services.notify.moves import Moved
from services.notify.progress import Report, Standing
from services.notify.releasing import Declined
from services.notify.report_effects import follow
from services.notify.thread import Thread
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

_ENDS = date(2027, 1, 1)
BEFORE, AFTER = (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC))
VT, WHERE = PartnerKind.VEILIG_THUIS, ("GM0193",)
DIRECTORY = Directory(
    [
        samples.partner("old", serves=(Serves(kind=VT, areas=WHERE, valid_until=_ENDS),)),
        samples.partner("new", serves=(Serves(kind=VT, areas=WHERE, valid_from=_ENDS),)),
    ],
    [samples.corporation()],
)
HELD = samples.line(state=DeliveryState.HELD, partner=None, recipient=f":{VT}")
NOBODYS = samples.referral(partner=None)


@pytest.mark.parametrize(("at", "told"), [(BEFORE, None), (AFTER, Declined("not-in-area"))])
def test_a_person_releases_to_who_gives_help_that_day(at: datetime, told: Declined | None) -> None:
    """As the desk that was asked before midnight may answer after it."""
    command = Command(
        id=UUID(int=7),
        at=at,
        action=Action.RELEASE,
        target=HELD.referral,
        actor="af-1",
        reason="besproken",
        partner="old",
        legal_basis=LegalBasis.WMO_5_2_6,
    )
    result = carried_out(command, HELD, NOBODYS, DIRECTORY, at=at, known=DIRECTORY.partners)
    assert isinstance(result, Moved) if told is None else result == told


@pytest.mark.parametrize(("at", "offered"), [(BEFORE, "old"), (AFTER, "new")])
def test_the_desk_offers_who_gives_help_that_day(at: datetime, offered: str) -> None:
    """An hour before UTC's day ends."""
    view = dossier(HELD, NOBODYS, case=[HELD], decided=[], waiting=Waiting(), directory=DIRECTORY, now=at)
    assert [one.partner for one in view.choices] == [offered]


@pytest.mark.parametrize(("at", "named"), [(BEFORE, "old"), (AFTER, "new")])
def test_the_rule_names_who_gives_help_that_day(at: datetime, named: str) -> None:
    """When its partner says that it lies elsewhere."""
    line = samples.line(state=DeliveryState.DELIVERED)
    thread = Thread(
        UUID(int=1), line.referral, PARTNER, withdrawn=False, standing=Standing(1), version=0, since=at, changed_at=at
    )
    report = Report(Progress.REJECTED, rejection=Rejection.NOT_IN_AREA)
    standing = Standing(1, report.status, rejection=report.rejection)
    followed = follow(
        DIRECTORY, thread, line, case=[line], tried=[], standing=standing, report=report, facts=samples.facts(), at=at
    )
    assert (followed.line.state, followed.line.partner) == (DeliveryState.HELD, named)
