"""What the desk's tables show of what others wrote."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from rich.console import Console

from schemas.call import Call, CallReason
from schemas.codes import Kind
from schemas.local_day import clock_in
from schemas.referral import Referral, ReferralChange
from schemas.words import Language
from services.notify.desk_reading import Calling, Question
from services.notify.desk_table import calls, held
from services.notify.desk_view import left
from tests.unit.notify import samples
from tests.unit.notify.samples import AT


def call_about(referral: Referral) -> Call:
    """A call about it, to be made now."""
    return Call(
        id=uuid4(),
        referral=referral.id,
        signal=referral.signal,
        corporation=referral.corporation,
        why=CallReason.NOT_DELIVERED,
        opened_at=AT,
        due_at=AT,
    )


@pytest.mark.parametrize("name", ["Wijkteam [noord]", "Wijkteam [/noord]"])
def test_whom_to_telephone_is_shown_as_it_is_written(name: str) -> None:
    """Brackets in a partner's name take no part of it away, and do not end the list."""
    referral = samples.referral()
    call = call_about(referral)
    partner = samples.partner(telephone="0000 000001").model_copy(update={"name": name})
    shown = StringIO()
    found = [Calling(call, samples.line(), referral, "ijsselhof", partner)]
    Console(width=200, file=shown).print(calls(found, AT, "nl"))
    assert name in shown.getvalue()


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("name", ["wijkteam-overijssel-voorbeeld", "partner-" + "x" * 55])
def test_what_is_copied_from_a_list_is_whole_in_eighty_columns(name: str, language: Language) -> None:
    """Of what is held and of calls: ids, who must, how long there is left, when it was done, and whom to telephone."""
    referral, who = samples.referral(partner=name), "aandachtsfunctionaris-17"
    call = call_about(referral).model_copy(update={"assigned_to": who})
    made = call.model_copy(update={"id": uuid4(), "done_by": who, "done_at": AT, "outcome": "gebeld"})
    partner = samples.partner(telephone="0000 000001").model_copy(update={"name": "Wijkteam Overijssel (voorbeeld)"})
    line, later = replace(samples.line(), partner=name, deadline=AT), AT + timedelta(hours=3)
    shown = StringIO()
    console = Console(width=80, file=shown)
    console.print(held([Question(line, referral, who)], later, language))
    console.print(
        calls([Calling(each, line, referral, "ijsselhof", partner) for each in (call, made)], later, language)
    )
    lines = shown.getvalue().splitlines()
    late = left(AT, later, language)
    for whole, times in ((name, 1), (who, 3), (late, 2), (clock_in("NL", AT), 1), ("0000 000001", 2)):
        assert sum(whole in row for row in lines) == times, whole
    for each in (line.referral, call.id, made.id):
        assert sum(row.startswith(f"{str(each)[:8]} ") for row in lines) == 1
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (ReferralChange.UPDATE, "er kwam een nieuwere versie"),
        (ReferralChange.WITHDRAWAL, "de corporatie trok het in"),
    ],
)
def test_a_call_tells_of_which_record_it_is_and_what_came_since(change: ReferralChange, told: str) -> None:
    """Two calls about one record are seen to be, and nobody telephones about what was taken back unknowing."""
    referral = samples.referral()
    later = samples.referral(revision=2, about=samples.facts(kind=Kind.WEAPON)).model_copy(update={"change": change})
    line = replace(samples.line(), reference="ZORG-71")
    calling = Calling(call_about(referral), line, referral, "ijsselhof", samples.partner(), later)
    shown = StringIO()
    console = Console(width=200, file=shown)
    console.print(calls([calling], AT, "nl"))
    assert "ZORG-71" in shown.getvalue()
    assert told in shown.getvalue()
    console.print(calls([replace(calling, later=None)], AT, "nl"))
    assert shown.getvalue().count(told) == 1
    assert calling.facts == (referral if change is ReferralChange.WITHDRAWAL else later).facts
