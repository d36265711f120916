"""A number that is taken out of an id makes no two records one, and the same record is found again by it."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from schemas.record import Captured
from services.ingest import bsn
from services.ingest.normalise import Accepted, Intake, guard_of, normalise
from services.ingest.parking import keepable
from services.runtime.errors import Unreadable
from tests.unit.ingest.guards import NL, OTHER, SYNTHETIC
from tests.unit.ingest.mutation import EVENTS, intake_of, paths, replaced
from tests.unit.ingest.samples import TODAY, a_concern, a_record, a_signalering, accepted, an_intake, became

ROWS: Final = an_intake("debezium", columns={"record": "nr", "code": "soort", "dwelling": "vhe"})
CONCERNS, MARKS = an_intake("concern"), an_intake("vera-signalering")


def a_row(nr: Any, vhe: Any = "E-1") -> dict[str, Any]:
    """A row of a table whose columns have names of their own."""
    after = {"nr": nr, "soort": "OVE.GEL", "vhe": vhe}
    return {"op": "c", "before": None, "after": after, "source": {"table": "t", "lsn": 1, "ts_us": 1772487912400000}}


NAMED: Final[dict[str, tuple[Intake, Callable[[str], Captured]]]] = {
    "id": (CONCERNS, lambda own: a_record(a_concern(id=own))),
    "id, a number": (CONCERNS, lambda own: a_record(a_concern(id=int(own)))),
    "id, within words": (CONCERNS, lambda own: a_record(a_concern(id=f"zaak {own}"))),
    "a column": (ROWS, lambda own: a_record(a_row(own))),
    "a column, a number": (ROWS, lambda own: a_record(a_row(int(own)))),
    "a column, with letters": (ROWS, lambda own: a_record(a_row(f"R-{own}"))),
    "subject": (
        CONCERNS,
        lambda own: a_record({"specversion": "1.0", "subject": own, "data": {"kind": "injury.visible"}}),
    ),
    "subject, in a header": (
        CONCERNS,
        lambda own: a_record({"kind": "injury.visible"}, headers=[("ce_subject", own.encode())]),
    ),
}
DWELLINGS: Final[dict[str, tuple[Intake, Callable[[str], Captured]]]] = {
    "dwelling": (CONCERNS, lambda own: a_record(a_concern(dwelling=own))),
    "a link": (MARKS, lambda own: a_record(a_signalering(adres=f"https://x.example/adressen/{own}"))),
    "a plain link": (MARKS, lambda own: a_record(a_signalering(adres=own))),
    "an object": (MARKS, lambda own: a_record(a_signalering(adres={"id": int(own)}))),
    "a column": (ROWS, lambda own: a_record(a_row("1", vhe=own))),
}


def read(record: Captured, intake: Intake) -> Accepted:
    """The signal it becomes."""
    outcome = normalise(record, intake, TODAY)
    assert isinstance(outcome, Accepted), outcome
    return outcome


@pytest.mark.parametrize(("intake", "of"), NAMED.values(), ids=NAMED)
def test_two_records_stay_two_and_each_is_found_again(intake: Intake, of: Callable[[str], Captured]) -> None:
    """Also when one of them was parked before it became a signal; its reference stands nowhere in the clear."""
    first, second = read(of(SYNTHETIC), intake), read(of(OTHER), intake)
    assert first.signal != second.signal
    kept, removed = keepable(of(SYNTHETIC), guard_of(intake))
    again = read(kept, intake)
    assert (again.signal, again.event, again.facts) == (first.signal, first.event, first.facts)
    assert (first.reference, first.removed, removed, again.removed) == (None, 1, 1, 0)


def test_one_dwelling_is_one_wherever_it_stands_and_two_are_two() -> None:
    """Signals about it add up over all the sources of a corporation, and with those about no other."""
    homes = {
        number: {read(of(number), intake).facts.household for intake, of in DWELLINGS.values()}
        for number in (SYNTHETIC, OTHER)
    }
    assert [len(found) for found in homes.values()] == [1, 1]
    assert homes[SYNTHETIC].isdisjoint(homes[OTHER])


def test_the_pseudonym_is_each_corporation_s_own() -> None:
    """Who has its key may know which number it was; nobody else can try them all."""
    assert bsn.cleaned(SYNTHETIC, NL) != bsn.cleaned(SYNTHETIC, bsn.Guard("NL", b"x" * 32))
    assert bsn.cleaned(SYNTHETIC, bsn.Guard("NL", None)) == (bsn.MARK, 1)


def test_an_id_in_which_any_number_may_have_stood_names_no_record() -> None:
    """Words between which a number was taken out are the same for every number: such a record waits for a person."""
    outcome = became(a_row("bsn " + SYNTHETIC + " van de huurder"), ROWS)
    assert isinstance(outcome, Unreadable)
    assert outcome.reason == "record-id-missing"
    home = accepted(a_row("1", vhe=f"huis van {SYNTHETIC}"), ROWS)
    assert not home.dwelled
    assert home.facts.household != accepted(a_row("2", vhe=f"huis van {OTHER}"), ROWS).facts.household


@pytest.mark.parametrize("told", [SYNTHETIC, int(SYNTHETIC), f"Verzonnen {SYNTHETIC}", {"bsn": SYNTHETIC}, [SYNTHETIC]])
def test_whatever_was_parked_becomes_what_it_would_have_been(told: Any) -> None:
    """With such a number at any place of any shape: nothing of a signal depends on whether it had to wait."""
    for adapter, event in EVENTS:
        intake = intake_of(adapter)
        for path in list(paths(event))[1:]:
            record = a_record(replaced(event, path, told))
            found = normalise(record, intake, TODAY)
            again = normalise(keepable(record, guard_of(intake))[0], intake, TODAY)
            if not isinstance(found, Accepted) or not isinstance(again, Accepted):
                assert repr(again) == repr(found)
                continue
            assert again._replace(removed=0) == found._replace(removed=0)
            if intake.corporation.country == "NL" and path[-1] != "phone":
                assert SYNTHETIC.encode() not in found.facts.write() + found.particulars.reveal()
