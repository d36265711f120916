"""What an operator reads of `seinpaal partner status`."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from schemas.delivery import DeliveryState
from schemas.words import Words
from services.notify import partner_commands
from services.notify.partner_standing import Shown
from services.notify.partner_status import Recent, Status
from services.notify.partner_table import numbers, sentences
from services.notify.partner_words import NUMBERS

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
COLUMNS = 80
NOTHING = {state.value: 0 for state in DeliveryState}
MEND = Words(*("seinpaal partner check veilig-thuis-voorbeeld",) * 2)


def status(name: str = "veilig-thuis-voorbeeld", **given: object) -> Status:
    """Of a busy partner that does not answer any more."""
    return Status(
        **{
            "partner": name,
            "backlog": {state.value: 12_345 for state in DeliveryState},
            "overdue": 123,
            "oldest": AT - timedelta(hours=119),
            "breaker": "open",
            "next_at": AT + timedelta(seconds=90),
            "failing_since": AT - timedelta(hours=60),
            "failing_seconds": 48 * 3600.0,
            "warned": 50,
            "disabled": None,
            "disabled_at": None,
            "redriving": False,
            "rate": None,
            "concurrency": 4,
            "recent": Recent(0.0834, 20.04, 200, ("unknown", "try-later")),
            "standing": Shown(live=True, until=AT, mend=MEND),
            "underway": {"requested": 12, "accepted": 3},
        }
        | given  # type: ignore[arg-type]  # each as its field is
    )


def well(**given: object) -> Status:
    """Of a partner that nothing is known against."""
    quiet: dict[str, Any] = {"breaker": "closed", "next_at": None, "failing_since": None, "standing": None}
    return status(**(quiet | {"underway": {}, "recent": Recent(), "backlog": NOTHING} | given))


def lines(*found: Status) -> list[str]:
    """The table on a terminal of that width."""
    written = StringIO()
    Console(file=written, width=COLUMNS).print(numbers(found, AT, "en"))
    return [line.rstrip() for line in written.getvalue().splitlines()]


def test_the_numbers_of_a_partner_are_one_line_of_eighty_columns() -> None:
    """Also large ones, and nothing of them is cut off."""
    header, *rows = lines(status(), status("kadera-voorbeeld", recent=Recent(), oldest=None))
    assert header.split() == ["partner", *(each.en for each in NUMBERS)]
    assert rows[0].split() == ["veilig-thuis-voorbeeld", *["12345"] * 4, "123", "119", "h", "83", "ms", "20.0", "s"]
    assert rows[1].split() == ["kadera-voorbeeld", *["12345"] * 4, "123"]
    assert max(map(len, (header, *rows))) <= COLUMNS


@pytest.mark.parametrize("name", ["wijkteam-overijssel-voorbeeld", "partner-" + "x" * 55])
def test_a_long_name_stays_whole_and_its_numbers_take_lines(name: str) -> None:
    """An id may have 63 characters."""
    header, *rows = lines(status(name))
    text = "\n".join(rows)
    assert (text.count(name), text.count("12345"), text.count("20.0 s")) == (1, 4, 1)
    assert max(map(len, (header, *rows))) <= COLUMNS


def test_the_words_tell_what_no_number_does() -> None:
    """Whether real referrals go there, what is wrong, what it has, what it answered, and what to do."""
    assert list(sentences(status(), AT, "en")) == [
        "real referrals: until 2026-03-02",
        "left alone (open, tried in 90 s); failing for 60 h, 48 h count, 50 % warned; 12345 parked: a person must look",
        "with them: 12 requested, 3 accepted",
        "latest: unknown, try-later",
        "to do: seinpaal deliveries list --partner veilig-thuis-voorbeeld --state parked",
        "to do: seinpaal partner check veilig-thuis-voorbeeld",
    ]


def test_who_is_well_has_one_word() -> None:
    """And no more, when it has nothing yet."""
    assert list(sentences(well(), AT, "en")) == ["well"]


@pytest.mark.parametrize(("refused", "told"), [(2, False), (3, True), (200, True)])
def test_who_turns_down_whatever_comes_is_not_well(refused: int, *, told: bool) -> None:
    """It answers, so no breaker opens; one or two may have been at fault themselves."""
    stands, *_ = sentences(well(recent=Recent(last=("several-matches",), refused=refused)), AT, "en")
    assert (stands == f"turned down the last {refused}, one after the other: it may turn down everything") is told
    assert (stands == "well") is not told


def test_who_has_something_parked_is_not_well() -> None:
    """Whatever it answers now, and where to look is said."""
    stands, *_, what = sentences(well(backlog={**NOTHING, DeliveryState.PARKED: 1}), AT, "en")
    assert stands == "1 parked: a person must look"
    assert what == "to do: seinpaal deliveries list --partner veilig-thuis-voorbeeld --state parked"


def test_a_sentence_is_folded_and_not_filled_up_with_spaces() -> None:
    """It is copied out of a terminal, too."""
    written = StringIO()
    narrow = Console(file=written, width=40)
    partner_commands._told(narrow, "real referrals: until 2027-11-28")  # noqa: SLF001  as `partner status` does
    assert written.getvalue() == "  real referrals: until 2027-11-28\n"
