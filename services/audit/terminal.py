"""How lines of the log look in a terminal: one line each, coloured by stage."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Final

from rich.text import Text

from schemas.audit import Fact
from schemas.codes import Stage
from schemas.words import Language
from services.audit.line import Line
from services.audit.trail import Fired, Step, due, sentence, why
from services.audit.words import EMPTY, LAST, NONE, NONE_AFTER, RULE, SAW, STAGES
from services.runtime.terminal_json import harmless

COLOURS: Final[Mapping[Stage, str]] = {
    Stage.INGEST: "cyan",
    Stage.ROUTER: "magenta",
    Stage.NOTIFY: "green",
    Stage.AUDIT: "blue",
    Stage.CONSOLE: "yellow",
}

_DIGITS: Final = 308
"""Of more a double is infinite, and many readers of JSON stop there."""

_ALARMING: Final = frozenset(
    {
        Fact.RECORD_PARKED,
        Fact.DELIVERY_PARKED,
        Fact.REFERRAL_OVERDUE,
        Fact.REFERRAL_ESCALATED,
        Fact.CALL_OVERDUE,
        Fact.COMMAND_REFUSED,
    },
)


def as_json(line: Line) -> str:
    """One line of JSON: the index, and the entry with all that its producer wrote, also what we do not know.

    What an entry may hold and JSON has no number for (`NaN`, `1e999`) stands as a string: one such line ended the list.
    """
    entry = json.loads(line.body, parse_float=_number, parse_int=_whole, parse_constant=str)
    return harmless(json.dumps({"index": line.index, "entry": entry}, ensure_ascii=False, separators=(",", ":")))


def in_stream(line: Line, language: Language) -> Text:
    """Index, time, stage, fact and reason, and the first digits of the signal's id."""
    entry = line.entry
    text = Text.assemble(
        (f"{line.index:>8} ", "dim"),
        (f"{entry.at.astimezone(UTC):%H:%M:%S}Z ", "dim"),
        (f"{STAGES[entry.stage].in_(language):<10} ", COLOURS[entry.stage]),
        (f"{str(entry.signal or entry.event or '')[:8]:<8} ", "dim"),
        (sentence(entry, language), "bold red" if entry.fact in _ALARMING else ""),
    )
    return _with_reason(text, why(entry, language), _due(entry.fact, entry.due_at, language))


def in_story(step: Step, language: Language) -> list[Text]:
    """The step on one line, below it why for each referral, and one line for each rule that fired."""
    text = Text.assemble(
        (f"{_utc(step.at)} ", "dim"),
        (f"{STAGES[step.stage].in_(language):<10} ", COLOURS[step.stage]),
        (step.sentence, "bold red" if step.fact in _ALARMING else "bold"),
    )
    told = _with_reason(text, step.why, _due(step.fact, step.due_at, language))
    because = [Text(f"{'':33}{sentence}") for sentence in step.because]
    return [told, *because, *(Text(f"{'':33}{_rule(rule, language)}", "dim") for rule in step.rules)]


def counts(seen: Counter[Stage], language: Language) -> Text:
    """How many lines of each stage went by."""
    parts = [(f"{STAGES[stage].in_(language)} {seen[stage]}", COLOURS[stage]) for stage in Stage]
    return Text("  ").join(Text(text, style) for text, style in parts)


def nothing(size: int, since: int | None, facts: Collection[Fact], language: Language) -> Text:
    """Said where no line is shown: which is the last of the log, so that nobody takes a slip for silence."""
    if not size:
        return Text(EMPTY.in_(language))
    said = NONE_AFTER.in_(language).format(since) if since is not None else NONE.in_(language)
    of = f" ({', '.join(facts)})" if facts else ""
    return Text(f"{said}{of}; {LAST.in_(language)} {size - 1}")


def _rule(fired: Fired, language: Language) -> str:
    seen = f"{SAW.in_(language)} {', '.join(fired.seen)}" if fired.seen else ""
    parts = (f"{RULE.in_(language)} {fired.rule} → {fired.to}", fired.basis, fired.condition, seen, fired.note)
    return " · ".join(part for part in parts if part)


def _due(fact: Fact, at: datetime | None, language: Language) -> str:
    return "" if at is None else f"{due(fact, language)} {_utc(at)}"


def _utc(at: datetime) -> str:
    """An entry says its times with whatever offset its producer has; the last hours that there are have none in UTC."""
    try:
        in_utc = at if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:  # `due_at` may be any time
        return at.isoformat(" ", "seconds")
    return f"{in_utc:%Y-%m-%d %H:%M:%S}Z"


def _number(text: str) -> float | str:
    number = float(text)
    return number if isfinite(number) else text


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= _DIGITS else text


def _with_reason(text: Text, *reasons: str) -> Text:
    reason = " · ".join(reason for reason in reasons if reason)
    return text.append(f"  {reason}", "dim") if reason else text
