"""SOURCE EVENT -> SIGNAL: one record becomes a signal's facts and particulars, or a reason why it does not."""

from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from schemas import ids
from schemas.codes import Change, Kind
from schemas.corporation import Corporation, Meaning, Source
from schemas.record import Record
from schemas.signal import Facts, Particulars
from services.ingest import bsn
from services.ingest.areas import Lookup, resolved
from services.ingest.draft import PERSON, STATUS, Draft, Ignored
from services.ingest.event import Event, opened
from services.ingest.sources import ADAPTERS, CODE_FIELDS
from services.keyring.household import household
from services.runtime.errors import Unreadable
from services.runtime.parking import ParkingKey

LONGEST_CODE: Final = 40
"""Characters of `Facts.origin_code`."""

KINDS: Final = tuple(str(kind) for kind in Kind)
DISCLOSURES: Final = frozenset({Kind.DISCLOSURE_VICTIM, Kind.DISCLOSURE_CHILD})
MEANT, OURS = ". Did you mean", ". Ours are"
"""Begins what is said of our kinds where a concern tells one that is neither ours nor mapped."""

TYPE_ONLY: Final = "this event tells no concernType, alertCode or category"
"""Begins what is said of a landlord's event that tells its type alone: of what it is a change, nobody knows."""

ALIKE: Final = 0.8
"""What is less like a kind of ours is not taken for a slip: `noise` is no nuisance."""

MISSING: Final = "missing"
"""Stands under `codes` for what has no code; it can only be ignored."""

CODE_IGNORED: Final = "code-ignored"


class Intake(NamedTuple):
    """What holds for every record of one topic."""

    source: Source
    corporation: Corporation
    household_key: bytes
    parking_key: ParkingKey


class Accepted(NamedTuple):
    """One revision of one signal, still open: its particulars must be sealed before it leaves ingest."""

    signal: UUID
    event: UUID
    reference: str | None
    change: Change
    changed_at: datetime
    facts: Facts
    particulars: Particulars
    removed: int
    """How many numbers that we may not keep were taken out."""

    trace: str | None
    """The traceparent it came with, as it was written."""

    dwelled: bool
    """Whether the event names a dwelling: without one nothing that happens there adds up with it."""

    unless_new: bool = False
    """A withdrawal whose code is ignored: it is heard only of what was a signal before."""


Outcome = Accepted | Ignored | Unreadable


def guard_of(intake: Intake) -> bsn.Guard:
    """What takes out the numbers that may not be kept: its pseudonyms are the corporation's own."""
    return bsn.Guard(intake.corporation.country, intake.household_key)


def normalise(record: Record, intake: Intake, areas: Lookup) -> Outcome:
    """What becomes of one record. The same bytes make the same ids, whenever and wherever they are read.

    `areas` are those of the day. Unreadable is returned, not raised: it is one of three ordinary answers.
    """
    try:
        event = opened(record, guard_of(intake))
        if isinstance(event, Ignored):
            return event
        reading = ADAPTERS[intake.source.adapter](event, intake.source)
        match reading:
            case Ignored():
                return reading
            case Draft():
                return _laid_over(reading, event, intake, areas)
    except Unreadable as error:
        return error.with_traceback(None)  # its frames hold the payload


def _laid_over(draft: Draft, event: Event, intake: Intake, areas: Lookup) -> Outcome:
    """With the configuration beneath it: the event's own word counts, then its code's, then the source's default."""
    source, country = intake.source, intake.corporation.country
    said = None if draft.status is None else source.codes.get(STATUS + draft.status)
    if said == "ignore" and draft.change is Change.REPORTED:  # who was told of a signal must hear its end
        return Ignored("status-ignored")
    draft = draft._replace(change=Change.WITHDRAWN) if said == "withdraw" else draft
    code, meaning = _decided(draft, source)
    signal = ids.signal_id(source.source, draft.record)
    if draft.change is Change.REPORTED and not isinstance(meaning, Meaning):
        if "kind" not in draft.known and not all(draft.noticed or ((),)):
            return _missing(source)
        if meaning == "ignore":
            return Ignored(CODE_IGNORED, signal if _tells_what(draft, source) else None)
        if "kind" not in draft.known:
            return _unmapped(source, draft, signal)
    ignored = meaning == "ignore"
    known = _facts(draft, source, meaning if isinstance(meaning, Meaning) else None)
    facts = Facts(
        country=country,
        area=resolved(areas, country, draft.place, source.defaults.area),
        household=household(intake.household_key, draft.dwelling or f"record:{draft.record}"),
        origin_code=code,
        **known,
    )
    numbered = bsn.in_the_clear(draft.reference, country)
    hidden = {"address": None} if facts.secret_address else {}
    return Accepted(
        signal=signal,
        event=ids.event_id(signal, draft.event),
        reference=None if numbered else draft.reference,
        change=draft.change,
        changed_at=draft.changed_at,
        facts=facts,
        particulars=draft.particulars.model_copy(update=hidden) if hidden else draft.particulars,
        removed=event.removed + numbered,
        trace=event.trace(),
        dwelled=not (draft.dwelling or PERSON).startswith(PERSON),
        unless_new=ignored,
    )


def _decided(draft: Draft, source: Source) -> tuple[str | None, Meaning | Literal["ignore"] | None]:
    """The code that stands as evidence, and what it means to us; None when no code of it is configured.

    Only a code that the corporation listed stands in the clear: in any other somebody may have written what happened.
    """
    ignored = False
    for thing in draft.noticed:
        for code in thing:
            meaning = source.codes.get(code)
            if isinstance(meaning, Meaning):
                return code if len(code) <= LONGEST_CODE else None, meaning
            if meaning is not None:
                ignored = True
                break
    return draft.known.get("kind"), "ignore" if ignored else None


def _facts(draft: Draft, source: Source, meaning: Meaning | None) -> dict[str, Any]:
    defaults = source.defaults
    facts: dict[str, Any] = {"kind": Kind.OTHER_CONCERN, "urgency": defaults.urgency, "origin": defaults.origin}
    if meaning is not None:
        facts["kind"] = meaning.kind
        for name in ("urgency", "origin", "acute", "structural", "children"):
            if (value := getattr(meaning, name)) is not None:
                facts[name] = value
    facts.update(draft.known)
    kind = facts["kind"]
    implied = {"disclosure": kind in DISCLOSURES, "weapon": kind is Kind.WEAPON, "test": defaults.test}
    return facts | {name: True for name, is_so in implied.items() if is_so}


def _missing(source: Source) -> Ignored | Unreadable:
    """What was noticed without a code may be anything: only the corporation itself can say that it is nothing."""
    if source.codes.get(MISSING) == "ignore":
        return Ignored("code-missing")
    fix = f"say what was noticed, by a code; or list `{MISSING}: ignore` under `codes` of source {source.name}"
    return Unreadable("code-missing", field=CODE_FIELDS[source.adapter], fix=fix)


def _tells_what(draft: Draft, source: Source) -> bool:
    """Whether it tells what was noticed, and not only what kind of event it is."""
    return source.adapter != "landlord-event" or any(len(thing) > 1 for thing in draft.noticed)


def _unmapped(source: Source, draft: Draft, signal: UUID) -> Ignored | Unreadable:
    if source.unmapped == "ignore":
        return Ignored("unmapped-code", signal if _tells_what(draft, source) else None)
    field = CODE_FIELDS[source.adapter]
    fix = f"map this code, or say `ignore`, under `codes` of source {source.name}"
    if not _tells_what(draft, source):
        fix = f"{TYPE_ONLY}: send one with every change of it; or {fix}"
    return Unreadable("unmapped-code", field=field, fix=fix + _of_ours(draft) if source.adapter == "concern" else fix)


def _of_ours(draft: Draft) -> str:
    """Which of our kinds was probably misspelt, else all of them: it may be free text, and nothing of that is told."""
    codes = (code.lower() for thing in draft.noticed for code in thing if len(code) <= LONGEST_CODE)
    near = [kind for code in codes for kind in get_close_matches(code, KINDS, n=1, cutoff=ALIKE)]
    return f"{MEANT} {near[0]}?" if near else f"{OURS} {', '.join(KINDS)}"
