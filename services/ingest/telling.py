"""Telling what became of an event: its facts, which particulars were found, or why there is no signal; no content."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, assert_never

from schemas.corporation import Source
from schemas.signal import Particulars
from services.ingest.draft import Ignored
from services.ingest.normalise import Accepted, Outcome
from services.runtime.errors import Unreadable

BECAUSE: Final = {
    "tombstone": "it has no value: Kafka's mark that a key is gone",
    "snapshot": "it was read from a snapshot: it tells of old rows, not of news",
    "deleted": "a row was deleted: withdraw a signal by its status",
    "truncated": "a table was emptied",
    "message": "it is a message in the database's log, not a row",
    "heartbeat": "it is Debezium's heartbeat",
    "transaction": "it is Debezium's mark that a transaction begins or ends",
    "schema-change": "it tells that a table was made anew or changed, and of no row",
    "other-table": "its table is not in `tables`",
    "nothing-changed": "no column that is mapped changed",
    "code-ignored": "`codes` says ignore for its code",
    "status-ignored": "`codes` says ignore for its status",
    "unmapped-code": "its code is not in `codes`, and the source says `unmapped: ignore`",
    "code-missing": "it has no code, and `codes` says `missing: ignore`",
    "destroyed": "the case was destroyed in the archive: what is left corrects nothing",
    "housekeeping": "its event type is about no concern; map it under `codes` if it is",
}
"""What each reason to ignore an event means, for people."""


_NOTHING: Final[Mapping[str, bool]] = {}

WITHOUT: Final = {
    "dwelling": "no dwelling is named: nothing that happens there adds up with it",
    "area": "no area is found: a person decides who is told",
}
"""What follows when that is not found, for people."""


ONLY_TOLD: Final = "`codes` says ignore for its code: it is heard where the record was a signal before, else ignored"

EVERYWHERE: Final = "tables: {0} is taken in every schema and database there is. Say which, such as public.{0}"
"""Said of a table that is named alone."""


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


def doubtful(source: Source) -> list[str]:
    """What a source says that may mean more than was meant, and what to write instead."""
    return [EVERYWHERE.format(table) for table in source.tables if "." not in table]


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
            fix = ONLY_TOLD if outcome.unless_new else ""
            return Told(number, _became(outcome), facts, people, fix=fix, removed=outcome.removed, found=found)
        case Ignored(reason=reason):
            return Told(number, "ignored", {}, (), reason, fix=BECAUSE.get(reason, ""))
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
