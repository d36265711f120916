"""Telling what became of an event: its facts, which particulars were found, or why there is no signal; no content.

As programs read it; `check_table.py` tells people, in their language.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, assert_never

from schemas.signal import Particulars
from services.ingest.check_words import BECAUSE, ONLY_TOLD
from services.ingest.draft import Ignored
from services.ingest.normalise import Accepted, Outcome
from services.runtime.errors import Unreadable

_NOTHING: Final[Mapping[str, bool]] = {}


class Told(NamedTuple):
    """One event's fate, fit for anybody's eyes."""

    number: int
    became: str
    """signal, withdrawal, ignored or unreadable"""

    facts: dict[str, Any]
    particulars: tuple[str, ...]
    reason: str = ""
    field: str = ""
    fix: str = ""
    """What to do, or what the reason means."""

    removed: int = 0
    found: Mapping[str, bool] = _NOTHING
    """Of a signal: whether its dwelling is known, and the area that its partners follow from."""


def told(number: int, outcome: Outcome) -> Told:
    """What became of the event of that number."""
    match outcome:
        case Accepted():
            facts = outcome.facts.model_dump(mode="json", exclude={"household"}, exclude_defaults=True)
            facts |= {
                "changed_at": outcome.changed_at.isoformat(),
            }
            found = {"dwelling": outcome.dwelled, "area": outcome.facts.area is not None}
            people = found_in(outcome.particulars)
            fix = ONLY_TOLD.en if outcome.unless_new else ""
            return Told(number, _became(outcome), facts, people, fix=fix, removed=outcome.removed, found=found)
        case Ignored(reason=reason):
            means = BECAUSE.get(reason)
            return Told(number, "ignored", {}, (), reason, fix=means.en if means else "")
        case Unreadable():
            return Told(number, "unreadable", {}, (), outcome.reason, outcome.field, outcome.fix)
        case _:
            assert_never(outcome)


def found_in(particulars: Particulars) -> tuple[str, ...]:
    """Which particulars there are, without a word of them: `2 people`, `address`."""
    people = particulars.people.reveal() if particulars.people else ()
    counted = (f"{len(people)} {'person' if len(people) == 1 else 'people'}",) if people else ()
    named = {
        "address": particulars.address,
        "narrative": particulars.narrative,
        "reporter": particulars.reporter,
        "safe contact": particulars.safe_contact,
    }
    return (*counted, *(name for name, value in named.items() if value is not None))


def _became(accepted: Accepted) -> str:
    return "withdrawal" if accepted.change == "withdrawn" else "signal"
