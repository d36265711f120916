"""Tells the story of one signal from its lines in the log: what happened, when, and why."""

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from schemas import why as reasons
from schemas.audit import AuditEntry, Fact
from schemas.code_words import PROGRESS
from schemas.codes import Stage
from schemas.decision import RuleTrace
from schemas.delivery import DeliveryState
from schemas.help_words import BASES, HELP, OBJECTIONS
from schemas.words import Language, filled, told
from services.audit import reason_words, words
from services.audit.line import Line
from services.audit.tally import DECISIONS
from services.runtime.errors import Refused

SHORTEST: Final = 8
"""Hex digits of an id that must be given at least."""

FULL: Final = 32


@dataclass(frozen=True, slots=True)
class Subject:
    """What a story is about: a signal, or (`signal` false) an event that never became one."""

    id: UUID
    signal: bool = True


@dataclass(frozen=True, slots=True)
class Fired:
    """One rule that fired, in words: where it pointed, on what condition, and what it saw."""

    rule: str
    to: str
    condition: str
    seen: tuple[str, ...]
    basis: str
    note: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line, told. `why` says in short what it was about, `due_at` when something follows.

    `because` says of each referral that was decided why, in a sentence; `rules` has the same as conditions and values.
    """

    index: int
    at: datetime
    stage: Stage
    fact: Fact
    sentence: str
    why: str
    due_at: datetime | None
    because: tuple[str, ...]
    rules: tuple[Fired, ...]


def span(text: str) -> tuple[UUID, UUID]:
    """The lowest and the highest id that begin so; the same one twice for a whole id.

    Raises:
        Refused: it is no id, or less than eight hex digits of one.
    """
    digits = text.strip().replace("-", "").lower()
    if not SHORTEST <= len(digits) <= FULL or not set(digits) <= set(string.hexdigits):
        raise Refused(filled(words.NO_ID, FULL, SHORTEST))
    return UUID(digits.ljust(FULL, "0")), UUID(digits.ljust(FULL, "f"))


def chosen(text: str, found: Sequence[Subject]) -> Subject:
    """The one that was meant.

    Raises:
        Refused: there is none, or more than one.
    """
    match found:
        case []:
            raise Refused(filled(words.NOTHING_BEGINS, text))
        case [subject]:
            return subject
        case _:
            listed = ", ".join(str(subject.id) for subject in found[:10])
            raise Refused(filled(words.MANY_BEGIN, text, listed))


def tell(lines: Sequence[Line], language: Language = "en") -> list[Step]:
    """The story, in the order of the log."""
    return [_step(line, language) for line in sorted(lines, key=lambda line: line.index)]


def sentence(entry: AuditEntry, language: Language = "en") -> str:
    """The fact in words; one of a later version by its own name."""
    known = words.FACTS.get(entry.fact)
    return known.in_(language) if known else f"{words.UNKNOWN.in_(language)}: {entry.fact}"


def why(entry: AuditEntry, language: Language = "en") -> str:
    """Partner, reason, attempt and answer, as far as the entry has them."""
    return _printable(" · ".join(_reasons(entry, language)))


def because(entry: AuditEntry, language: Language = "en") -> tuple[str, ...]:
    """Of a decision: why each referral is sent or held, or why there is none. Nothing of other entries."""
    if entry.explanation is None or (entry.told is None and entry.count):  # written before referrals were told
        return ()
    return tuple(_printable(text) for text in reasons.of_decision(entry.told or (), entry.explanation, language))


def due(fact: Fact, language: Language = "en") -> str:
    """What the time an entry is due means."""
    return (words.NEXT if fact is Fact.DELIVERY_ATTEMPTED else words.DEADLINE).in_(language)


def fired(trace: RuleTrace, language: Language = "en") -> Fired:
    """One rule that fired. Its condition, what that saw and its basis stay as written: one searches by them."""
    whom = trace.partner or (told(HELP, trace.kind, language) if trace.kind else None)
    return Fired(
        rule=trace.rule,
        to=" ".join(part for part in (words.EFFECTS[trace.effect].in_(language), whom) if part),
        condition=_printable(trace.condition),
        seen=tuple(_printable(f"{one.name} = {one.value}") for one in trace.seen),
        basis=str(trace.legal_basis or ""),
        note=_printable(_note(trace, language)),
    )


def _note(trace: RuleTrace, language: Language) -> str:
    """Why the effect is another than the rule's own."""
    codes = (code for code in (trace.note or "").split(",") if code)
    return ", ".join(reason_words.said(code, Fact.SIGNAL_DECIDED, language) for code in codes)


def _step(line: Line, language: Language) -> Step:
    entry = line.entry
    return Step(
        index=line.index,
        at=entry.at,
        stage=entry.stage,
        fact=entry.fact,
        sentence=sentence(entry, language),
        why=why(entry, language),
        due_at=entry.due_at,
        because=because(entry, language),
        rules=tuple(fired(trace, language) for trace in (entry.explanation.fired if entry.explanation else ())),
    )


def _reasons(entry: AuditEntry, language: Language) -> Iterator[str]:
    if entry.partner:
        yield entry.partner
    if entry.fact in DECISIONS or entry.count:
        yield _how_many(entry.fact, entry.count or 0, language)
    if entry.attempt is not None:
        yield f"{words.ATTEMPT.in_(language)} {entry.attempt}"
    if entry.status is not None:
        yield f"HTTP {entry.status}"
    yield from _versions(entry, language)
    if entry.progress:
        yield PROGRESS[entry.progress].in_(language)
    if entry.reason:
        yield reason_words.said(entry.reason, entry.fact, language)
    if entry.field:
        yield f"{words.FIELD.in_(language)} {entry.field}"
    yield from _people(entry, language)
    if entry.after not in {None, entry.before, words.LEADS_TO.get(entry.fact)}:
        yield f"→ {words.STATES[DeliveryState(entry.after)].in_(language)}"


def _versions(entry: AuditEntry, language: Language) -> Iterator[str]:
    """Which rule set it is about, or was decided by."""
    if entry.rule_set:
        yield f"{words.VERSION.in_(language)} {entry.rule_set[:12]}"
    if entry.explanation is not None:
        yield f"{words.RULES.in_(language)} {entry.explanation.rule_set[:12]}"


def _people(entry: AuditEntry, language: Language) -> Iterator[str]:
    """Who decided, whose it is now, and for which sharing they answer: on what basis, and over what warning."""
    if entry.actor:
        yield f"{words.BY.in_(language)} {entry.actor}"
    if entry.assigned_to:
        yield f"{words.GIVEN_TO.in_(language)} {entry.assigned_to}"
    if entry.legal_basis:
        yield f"{words.STATED.in_(language)}: {told(BASES, entry.legal_basis, language)}"
    for objection in entry.despite or ():
        yield f"{words.DESPITE.in_(language)}: {told(OBJECTIONS, objection, language)}"


def _how_many(fact: Fact, count: int, language: Language) -> str:
    if fact not in DECISIONS:
        return f"({count})"
    return f"{count} {(words.REFERRAL if count == 1 else words.REFERRALS).in_(language)}"


def _printable(text: str) -> str:
    """Names of fields come from outside: none of them may steer a terminal or turn the text around."""
    return (
        text
        if text.isprintable()
        else "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)
    )
