"""What was found before and answered for is no reason to look again; whatever is more than that is."""

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from schemas.delivery import DeliveryState
from schemas.parked import Coordinates
from services.audit import findings
from services.audit.findings import Finding
from services.audit.reconcile import Picture, Reconciliation
from services.console import account
from services.console.known import judged, read_known
from services.runtime.errors import Refused

ID, OTHER = UUID(int=1), UUID(int=2)
INPUTS = (Coordinates(topic="signals.v1", partition=0, offset=7),)
NOTHING = Reconciliation(Picture((), {}, frozenset()), (), (), frozenset())
FOUND: tuple[Finding, ...] = (
    findings.Missing("signals.v1", 0, 5, 9),
    findings.Expired("signals.v1", 0, 5, 9),
    findings.Doubled("signals.v1", 0, 5, 2),
    findings.Shortened("signals.v1", 0, 9, 3),
    findings.Undecided(ID, INPUTS),
    findings.Unaccepted(ID),
    findings.Unledgered(ID, 2, 1, INPUTS),
    findings.Differs(ID, DeliveryState.HELD, None),
)


def kept(folder: Path, found: tuple[Finding, ...], known: tuple[Finding, ...] = ()) -> Path:
    """What `seinpaal reconcile --json` wrote."""
    file = folder / "known.json"
    file.write_text(json.dumps(account.as_data(replace(NOTHING, found=found), known), default=str))
    return file


@pytest.mark.parametrize("finding", FOUND, ids=lambda one: type(one).__name__)
def test_what_was_found_is_known_when_it_is_found_again(tmp_path: Path, finding: Finding) -> None:
    """Of each kind, read from what was written then."""
    result, known = judged(replace(NOTHING, found=(finding,)), read_known(kept(tmp_path, (finding,))))
    assert result.whole
    assert known == (finding,)


@pytest.mark.parametrize(
    "more",
    [
        findings.Missing("signals.v1", 0, 5, 10),
        findings.Missing("signals.v1", 0, 4, 9),
        findings.Missing("signals.v1", 1, 5, 9),
        findings.Missing("referrals.v1", 0, 5, 9),
        findings.Doubled("signals.v1", 0, 5, 3),
        findings.Shortened("signals.v1", 0, 10, 3),
        findings.Undecided(OTHER, INPUTS),
        findings.Unledgered(ID, 3, 1, INPUTS),
        findings.Differs(ID, DeliveryState.HELD, DeliveryState.DELIVERED),
        findings.Unread("source.testdal", 0, None),
    ],
)
def test_what_is_more_than_that_is_found(tmp_path: Path, more: Finding) -> None:
    """Also where it begins or ends with what was known."""
    known = read_known(kept(tmp_path, FOUND))
    assert judged(replace(NOTHING, found=(more, FOUND[0])), known)[0].found == (more,)


def test_what_is_known_may_lie_further_apart_and_be_less(tmp_path: Path) -> None:
    """A topic's older records go, the end of a topic goes on, and where it came from is looked up anew."""
    less = (findings.Expired("signals.v1", 0, 7, 9), findings.Shortened("signals.v1", 0, 9, 8), findings.Undecided(ID))
    result, known = judged(replace(NOTHING, found=less), read_known(kept(tmp_path, FOUND)))
    assert (result.found, known) == ((), less)
    assert judged(replace(NOTHING, found=(FOUND[0],)), (FOUND[1],))[0].found == (FOUND[0],)


def test_what_it_writes_takes_the_place_of_the_file(tmp_path: Path) -> None:
    """With all that was known, and all that was found beside it."""
    assert read_known(kept(tmp_path, FOUND[:2], FOUND[2:])) == tuple(
        replace(one, inputs=()) if isinstance(one, findings.Undecided | findings.Unledgered) else one for one in FOUND
    )


def test_what_was_not_listed_is_never_known(tmp_path: Path) -> None:
    """Nobody has looked into it."""
    result, _ = judged(replace(NOTHING, found=FOUND, not_listed=1), read_known(kept(tmp_path, FOUND)))
    assert result.found == ()
    assert not result.whole


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "this is not what"),
        ("[]", "this is not what"),
        ('{"found": 3}', "this is not what"),
        ('{"found": [{"kind": "unread", "topic": "t", "partition": 0, "committed": null}]}', "finding 1 is none"),
        (
            '{"found": [{"kind": "missing", "topic": "t", "partition": "x", "first": 1, "last": 2}]}',
            "finding 1 is none",
        ),
        ('{"found": [3]}', "finding 1 is none"),
    ],
)
def test_what_says_no_finding_is_refused(tmp_path: Path, text: str, told: str) -> None:
    """Before anything is compared."""
    file = tmp_path / "known.json"
    file.write_text(text)
    with pytest.raises(Refused, match=told):
        read_known(file)
    with pytest.raises(Refused, match="there is no such file"):
        read_known(tmp_path / "nowhere.json")
