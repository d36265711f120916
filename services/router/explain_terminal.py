"""How an explanation looks in a terminal, in Dutch or English."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from schemas import why
from schemas.decision import Seen
from schemas.local_day import day_in
from schemas.referral import Handling
from schemas.words import Language, Words
from services.router.decision import Planned, Withdrawn
from services.router.explain import Explained, Tried, Values
from services.router.recorded_decision import Taken

_FIRES: Final = Words("✓ {} fires", "✓ {} gaat op")
_STOPS: Final = Words("· {} does not fire: it stops at {}", "· {} gaat niet op: hij stopt bij {}")
_OPEN: Final = Words(", which is not known", ", en dat is niet bekend")
_FAILS: Final = Words("! {} could not be answered at {}", "! {} was niet te beantwoorden bij {}")
_NOT_IN_FORCE: Final = Words("· {} is not in force on {}", "· {} geldt niet op {}")
_SENT: Final = Words("sent to {}, because {}; final within {}", "verstuurd aan {}: {}; afgerond binnen {}")
_HELD: Final = Words(
    "held for a person ({}), because {}; final within {}", "voorgelegd ({}), want {}; afgerond binnen {}"
)
_ANYBODY: Final = Words("who is to be told is chosen", "wie bericht krijgt, wordt gekozen")
_NOBODY: Final = Words("recorded only: nobody is told", "alleen vastgelegd: niemand krijgt bericht")
_WITHDRAWN: Final = Words(
    "It was withdrawn: no rule is asked, whoever was told hears of it.",
    "Het is ingetrokken: geen regel wordt gevraagd, wie bericht kreeg hoort het.",
)
_DECIDED: Final = Words(
    "Signal {}, revision {}, decided {} by rules {}.", "Signaal {}, versie {}, bepaald op {} volgens regels {}."
)
_ASKED: Final = Words("Asked again, by rules {}:", "Opnieuw gevraagd, volgens regels {}:")
_OTHERWISE: Final = Words(
    "Note: asked again it comes out otherwise than it was decided, as part of its household's memory is forgotten.",
    "Let op: opnieuw gevraagd komt er iets anders uit dan is bepaald, want een deel van het geheugen is vergeten.",
)
_HOURS: Final = Words("{} hours", "{} uur")
_MINUTES: Final = Words("{} minutes", "{} minuten")
_TWO_HOURS: Final = 120


def of_taken(taken: Taken, asked: Explained, language: Language, *, as_decided: bool) -> Iterator[str]:
    """What was decided when and by which rules, and below it what those that are asked make of it."""
    signal, at = taken.question.signal, f"{taken.past.decided_at:%Y-%m-%d %H:%M}Z"
    revision = taken.question.earlier.revision + 1
    yield _DECIDED.in_(language).format(signal.id, revision, at, taken.version[:12])
    if asked.rules.version != taken.version:
        yield _ASKED.in_(language).format(asked.rules.version[:12])
    elif not as_decided:
        yield _OTHERWISE.in_(language)
    yield from lines(asked, language)


def lines(one: Explained, language: Language) -> Iterator[str]:
    """The rules that fire, those that do not and where they stop, and who is told."""
    if isinstance(one.decision, Withdrawn):
        yield _WITHDRAWN.in_(language)
    day = day_in(one.question.signal.facts.country, one.question.now)
    for tried in sorted(one.tried, key=lambda each: each.answer not in ("fires", "fails")):
        yield _rule(tried, f"{day}", language)
        values = tried.stop.seen if tried.stop else tried.seen
        if values:
            yield f"    {_values(values, language)}"
    for each in one.planned:
        yield _planned(each, one.question.now, language)
    if not one.planned and not isinstance(one.decision, Withdrawn):
        yield _NOBODY.in_(language)


def _rule(tried: Tried, day: str, language: Language) -> str:
    name, stop = tried.rule.id, tried.stop
    part = stop.part if stop else tried.rule.when
    match tried.answer:
        case "fires":
            to = ", ".join(tried.rule.to)
            return f"{_FIRES.in_(language).format(name)} ({' '.join(word for word in (tried.rule.effect, to) if word)})"
        case "fails":
            return _FAILS.in_(language).format(name, part)
        case "not in force":
            return _NOT_IN_FORCE.in_(language).format(name, day)
        case "does not fire":
            return _STOPS.in_(language).format(name, part) + (_OPEN.in_(language) if stop and not stop.known else "")


def _values(values: Values, language: Language) -> str:
    return why.seen((Seen(name=name, value=value) for name, value in values), language)


def _planned(planned: Planned, now: datetime, language: Language) -> str:
    words = _SENT if planned.handling is Handling.SEND else _HELD
    whom = planned.partner or planned.kind or _ANYBODY.in_(language)
    return words.in_(language).format(
        whom, why.reason(planned.reason, language), _within(planned.deadline - now, language)
    )


def _within(time: timedelta, language: Language) -> str:
    minutes = time // timedelta(minutes=1)
    words, count = (_MINUTES, minutes) if minutes <= _TWO_HOURS else (_HOURS, minutes / 60)
    return words.in_(language).format(f"{count:g}")
