"""MISCHIEF: every way to misbehave by its name, as `--misbehave` and the control endpoint take it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite
from typing import Final

from schemas.words import filled
from services.runtime.clock import Clock
from services.runtime.errors import Refused
from services.sandbox import partner_words as words
from services.sandbox.partners import tricks_answer, tricks_failure, tricks_time
from services.sandbox.partners.trick import Certificate, Lapse, Trick, combined


@dataclass(frozen=True, slots=True)
class Mischief:
    """`make` begins it, with its number and a clock; `usual` is None where there is no number."""

    make: Callable[[float, Clock], Trick]
    usual: float | None = None


def _plain(trick: Trick) -> Callable[[float, Clock], Trick]:
    return lambda _number, _clock: trick


def _lapse(lapse: Lapse) -> Mischief:
    return Mischief(_plain(Trick(lapses=frozenset({lapse}))))


MISCHIEF: Final[Mapping[str, Mischief]] = {
    "slow": Mischief(lambda number, _: tricks_time.slow(number), 6.0),
    "drip": Mischief(lambda number, _: tricks_time.drip(number), 1.0),
    "hang": Mischief(_plain(tricks_time.hang())),
    "unavailable": Mischief(tricks_failure.unavailable, 30.0),
    "error-after": Mischief(_plain(tricks_failure.error_after())),
    "lost-after": Mischief(_plain(tricks_failure.lost_after())),
    "rate-limit": Mischief(tricks_failure.rate_limit, 1.0),
    "redirect": Mischief(_plain(tricks_answer.redirect())),
    "gzip-bomb": Mischief(lambda number, _: tricks_answer.gzip_bomb(number), 512.0),
    "outcome-instead": Mischief(_plain(tricks_answer.outcome_instead())),
    "several-matches": Mischief(_plain(tricks_answer.several())),
    "forgets": Mischief(_plain(tricks_answer.forgets())),
    "denies": Mischief(_plain(tricks_answer.denies())),
    "wrong-certificate": Mischief(_plain(Trick(shows=Certificate.STRANGER))),
    "changed-key": Mischief(_plain(Trick(shows=Certificate.CHANGED))),
    "clock-off": Mischief(lambda days, _: Trick(off=timedelta(days=days)), 1.0),
    "duplicates-there": _lapse(Lapse.DUPLICATES),
    "doubles": _lapse(Lapse.DOUBLES),
    "first-only": _lapse(Lapse.FIRST_ONLY),
    "latest-wins": _lapse(Lapse.LATEST_WINS),
    "deaf-to-cancel": _lapse(Lapse.DEAF_TO_CANCEL),
    "keeps-patient": _lapse(Lapse.KEEPS_PATIENT),
    "any-signature": _lapse(Lapse.ANY_SIGNATURE),
    "any-time": _lapse(Lapse.ANY_TIME),
    "any-token": _lapse(Lapse.ANY_TOKEN),
    "refuses-subscription": Mischief(_plain(tricks_answer.refuses_subscription())),
    "no-handshake": _lapse(Lapse.NO_HANDSHAKE),
    "never-notifies": _lapse(Lapse.NEVER_NOTIFIES),
    "tells-more": _lapse(Lapse.TELLS_MORE),
    "hides-task": Mischief(_plain(tricks_answer.hides_task())),
    "silent": _lapse(Lapse.SILENT),
}


def tricks(texts: Iterable[str], clock: Clock) -> Trick:
    """From `name` or `name=number`, all at once, the first outermost; whatever counts from now counts from now.

    Raises:
        Refused: when there is no such mischief, or the number makes none.
    """
    return combined([_trick(text, clock) for text in texts])


def _trick(text: str, clock: Clock) -> Trick:
    name, given, number = text.partition("=")
    found = MISCHIEF.get(name)
    if found is None:
        raise Refused(filled(words.UNKNOWN, name, ", ".join(MISCHIEF)))
    if found.usual is None:
        if given:
            raise Refused(filled(words.NO_NUMBER, name, name))
        return found.make(0.0, clock)
    try:
        value = float(number) if given else found.usual
    except ValueError:
        value = 0.0
    if not (isfinite(value) and value > 0):
        raise Refused(filled(words.ABOVE_ZERO, text, name, f"{found.usual:g}"))
    return found.make(value, clock)
