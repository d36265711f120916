"""A reconciliation in words."""

from collections import Counter
from io import StringIO
from uuid import UUID

import pytest
from rich.console import Console, RenderableType

from schemas.delivery import DeliveryState
from services.audit.findings import (
    Differs,
    Doubled,
    Expired,
    Finding,
    Missing,
    Shortened,
    Unaccepted,
    Undecided,
    Unledgered,
)
from services.audit.reconcile import Book, Picture, Reading, Reconciliation
from services.console import account

ID = UUID("3f2a9c1e-0000-5000-8000-000000000001")
BOOKS = {
    "testdal": Book(
        accepted=9,
        decided=7,
        overtaken=1,
        referrals=8,
        states=Counter({DeliveryState.DELIVERED: 5, DeliveryState.HELD: 2}),
    ),
    "sample-homes": Book(accepted=1, withdrawn=1),
}


def printed(what: RenderableType, width: int = 80) -> list[list[str]]:
    """The words of each line on a terminal of that width."""
    said = StringIO()
    Console(width=width, file=said).print(what)
    return [line.split() for line in said.getvalue().splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (Missing("signals.v1", 2, 5, 5), "signals.v1/2: offset 5 was read, and no fact accounts for that"),
        (
            Missing("signals.v1", 2, 5, 7),
            "signals.v1/2: offsets 5 to 7 (3 records) were read, and no fact accounts for that",
        ),
        (Doubled("signals.v1", 2, 5, 3), "signals.v1/2: offset 5 is accounted for 3 times"),
        (Expired("signals.v1", 2, 5, 5), "signals.v1/2: offset 5 was deleted unread"),
        (
            Shortened("signals.v1", 2, 9, 5),
            (
                "signals.v1/2: ends before offset 5, and facts account for records up to 9: its broker lost them, or "
                "it was made anew. What nobody had read there is gone: have it sent again (deploy/README.md, Losing "
                "all of Kafka)"
            ),
        ),
        (Undecided(ID), f"event {ID}: accepted, and nothing was decided about it"),
        (Unaccepted(ID), f"event {ID}: decided about, and never accepted"),
        (Unledgered(ID, 2, 1), f"signal {ID}: referrals decided: 2, in the ledger: 1"),
        (Differs(ID, DeliveryState.HELD, None), f"referral {ID}: the ledger says held, the log says nothing"),
    ],
)
def test_every_finding_is_a_sentence(finding: Finding, words: str) -> None:
    """With what one needs to look it up."""
    assert account.sentence(finding, "en") == words


def test_every_row_adds_up_to_its_first_number() -> None:
    """Signals by what became of them, referrals by where they are; a last row for all."""
    for table in (account.signals(BOOKS, "en"), account.referrals(BOOKS, "en")):
        rows = [row for row in printed(table) if row[0] in {"testdal", "sample-homes", "all"}]
        assert len(rows) == 3
        for _, first, *parts in rows:
            assert int(first) == sum(map(int, parts))


def test_a_long_name_cuts_no_number() -> None:
    """On a terminal of eighty columns it is the name that goes on in the next line."""
    books = {"woningbouwvereniging-met-een-lange-naam": Book(referrals=8, states=Counter({DeliveryState.HELD: 2}))}
    assert ["8", "0", "2", "0", "0", "0", "0", "6"] in [row[-8:] for row in printed(account.referrals(books, "en"))]


def test_partitions_of_a_topic_are_told_together() -> None:
    """One row a topic."""
    readings = [
        Reading("router", "signals.v1", part, 0, 5, 6, first=0, accounted=4, facts=4, absent=1) for part in (0, 1)
    ]
    assert printed(account.records(readings, "en"))[-1] == ["router", "signals.v1", "10", "8", "2", "2"]


def test_a_script_gets_everything() -> None:
    """Findings with their kind, corporations with their counts."""
    picture = Picture((), BOOKS, frozenset())
    told = account.as_data(Reconciliation(picture, (Doubled("signals.v1", 0, 5, 2),), (), frozenset()))
    assert (told["whole"], told["not_listed"], told["behind"]) == (False, 0, [])
    assert told["found"] == [{"kind": "doubled", "topic": "signals.v1", "partition": 0, "offset": 5, "facts": 2}]
    assert (told["corporations"]["testdal"]["held"], told["corporations"]["testdal"]["at_notify"]) == (2, 1)
