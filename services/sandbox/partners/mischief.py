"""MISCHIEF: every way to misbehave by its name, as `--misbehave` and the control endpoint take it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite
from typing import Final

from services.runtime.clock import Clock
from services.runtime.errors import Refused
from services.sandbox.partners import tricks_answer, tricks_failure, tricks_time
from services.sandbox.partners.trick import Certificate, Lapse, Trick, combined


@dataclass(frozen=True, slots=True)
class Mischief:
    """`make` begins it, with its number and a clock; `usual` is None where there is no number."""

    about: str
    make: Callable[[float, Clock], Trick]
    usual: float | None = None


def _plain(trick: Trick) -> Callable[[float, Clock], Trick]:
    return lambda _number, _clock: trick


def _lapse(about: str, lapse: Lapse) -> Mischief:
    return Mischief(about, _plain(Trick(lapses=frozenset({lapse}))))


MISCHIEF: Final[Mapping[str, Mischief]] = {
    "slow": Mischief("waits N seconds before each answer", lambda number, _: tricks_time.slow(number), 6.0),
    "drip": Mischief("keeps it, answers a byte every N seconds", lambda number, _: tricks_time.drip(number), 1.0),
    "hang": Mischief("never answers, keeps nothing", _plain(tricks_time.hang())),
    "unavailable": Mischief("503 for N seconds, then well", tricks_failure.unavailable, 30.0),
    "error-after": Mischief("keeps it, answers 500", _plain(tricks_failure.error_after())),
    "lost-after": Mischief("keeps it, the answer is lost", _plain(tricks_failure.lost_after())),
    "rate-limit": Mischief("N requests a second, then 429 with Retry-After", tricks_failure.rate_limit, 1.0),
    "redirect": Mischief("307 to another address", _plain(tricks_answer.redirect())),
    "gzip-bomb": Mischief("keeps it, answers N MB of gzip", lambda number, _: tricks_answer.gzip_bomb(number), 512.0),
    "outcome-instead": Mischief("200 with an OperationOutcome of an error", _plain(tricks_answer.outcome_instead())),
    "several-matches": Mischief("412 to whatever is sent", _plain(tricks_answer.several())),
    "forgets": Mischief("answers well, keeps nothing", _plain(tricks_answer.forgets())),
    "denies": Mischief("FHIR: keeps it, and finds nothing when asked", _plain(tricks_answer.denies())),
    "wrong-certificate": Mischief("TLS: an authority nobody knows", _plain(Trick(shows=Certificate.STRANGER))),
    "changed-key": Mischief("TLS: another key than was agreed", _plain(Trick(shows=Certificate.CHANGED))),
    "clock-off": Mischief("its clock is N days ahead", lambda days, _: Trick(off=timedelta(days=days)), 1.0),
    "duplicates-there": _lapse("FHIR: what arrives is there already, twice", Lapse.DUPLICATES),
    "doubles": _lapse("the same again is kept again", Lapse.DOUBLES),
    "first-only": _lapse("later revisions change nothing", Lapse.FIRST_ONLY),
    "latest-wins": _lapse("an old revision that comes again overwrites a newer one", Lapse.LATEST_WINS),
    "deaf-to-cancel": _lapse("a withdrawal changes nothing", Lapse.DEAF_TO_CANCEL),
    "keeps-patient": _lapse("FHIR: a Patient stays as it first came", Lapse.KEEPS_PATIENT),
    "any-signature": _lapse("takes any signature", Lapse.ANY_SIGNATURE),
    "any-time": _lapse("takes a signature of long ago", Lapse.ANY_TIME),
    "any-token": _lapse("takes any token, or none", Lapse.ANY_TOKEN),
    "refuses-subscription": Mischief("FHIR: takes no Subscription", _plain(tricks_answer.refuses_subscription())),
    "no-handshake": _lapse("FHIR: takes a Subscription, and never tries it", Lapse.NO_HANDSHAKE),
    "never-notifies": _lapse("FHIR: shakes hands, and notifies nobody", Lapse.NEVER_NOTIFIES),
    "tells-more": _lapse("FHIR: notifies with the Task, where ids were asked for", Lapse.TELLS_MORE),
    "hides-task": Mischief("FHIR: lets nobody read a Task by its id", _plain(tricks_answer.hides_task())),
    "silent": _lapse("never says what becomes of it", Lapse.SILENT),
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
        raise Refused(f"no misbehaviour {name!r}. There are: {', '.join(MISCHIEF)}")
    if found.usual is None:
        if given:
            raise Refused(f"misbehaviour {name} takes no number. Write {name}")
        return found.make(0.0, clock)
    try:
        value = float(number) if given else found.usual
    except ValueError:
        value = 0.0
    if not (isfinite(value) and value > 0):
        raise Refused(f"misbehaviour {text!r}: the number must be above 0. Write {name}={found.usual:g}")
    return found.make(value, clock)
