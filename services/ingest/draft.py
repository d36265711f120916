"""What an adapter makes of one event: a draft of a signal, or the reason why it is none."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple, TypedDict, cast
from uuid import UUID

from schemas.codes import Answer, Certainty, Change, Consent, Kind, Origin, Urgency, Violence
from schemas.sensitive import Sensitive
from schemas.signal import Address, Particulars, Person, Reporter, SafeContact


class Known(TypedDict, total=False):
    """Facts that the event itself states; what it does not state follows from its code, then from the source."""

    kind: Kind
    urgency: Urgency
    origin: Origin
    certainty: Certainty
    observed_at: datetime
    acute: Answer
    structural: Answer
    disclosure: bool
    children: Answer
    pregnant: Answer
    weapon: bool
    staff_safety: bool
    secret_address: bool
    violence: tuple[Violence, ...]
    consent: Consent
    informed: Answer
    dash_score: int
    professional_judgement: bool
    test: bool


def stated(**facts: Any) -> Known:
    """The facts an event states, by their names in `Known`; what it does not state is None, and left out."""
    return cast("Known", {name: value for name, value in facts.items() if value is not None})


class Place(NamedTuple):
    """Where the address at stake lies, in the tenant system's own words. The first that is known decides."""

    code: str | None = None
    """CBS or GSS code, or the digits of one."""
    name: str | None = None
    """Name of the municipality or local authority."""
    town: str | None = None
    postcode: str | None = None


NOWHERE = Place()

PERSON: Final = "relatie:"
"""Stands before a person's id where a signal without a dwelling adds up by person."""


STATUS: Final = "status."
"""Stands under `codes` before the code of a status, which is ignored or withdraws."""


class Draft(NamedTuple):
    """One event in our words, before the source's configuration is laid over it."""

    record: str
    """Which record of the tenant system: stable over all its changes, unique within the source's URN."""

    reference: str | None
    """The same, as the tenant system writes it: it comes back in the outcome."""

    event: str
    """Which change of that record: the same when it is sent again, another when it changed again."""

    change: Change
    changed_at: datetime
    """When the tenant system changed it; orders the revisions."""

    noticed: tuple[tuple[str, ...], ...]
    """What was noticed, each thing in their codes, most telling first: `(("OVE.GEL", "OVE"),)`.

    Of one thing the first code that is configured decides; of several things the first that is a signal. A thing that
    has no code is empty.
    """

    status: str | None
    """Their code for where the record stands, for sources that ignore some."""

    dwelling: str | None
    """The corporation's own id of the dwelling, for the household's pseudonym."""

    place: Place
    known: Known
    particulars: Particulars


def particulars(
    *,
    people: tuple[Person, ...] = (),
    address: Address | None = None,
    narrative: str | None = None,
    reporter: Reporter | None = None,
    safe_contact: SafeContact | None = None,
) -> Particulars:
    """What names people, wrapped so that it prints as nothing."""
    return Particulars(
        people=Sensitive(people) if people else None,
        address=Sensitive(address) if address else None,
        narrative=Sensitive(narrative) if narrative else None,
        reporter=Sensitive(reporter) if reporter else None,
        safe_contact=Sensitive(safe_contact) if safe_contact else None,
    )


@dataclass(frozen=True, slots=True)
class Ignored:
    """The event is no signal. `reason` is a stable code; nothing of the event is kept."""

    reason: str
    signal: UUID | None = field(default=None, compare=False)
    """What it would be a correction of, where only its code is why; nobody hears of it unless that was told before."""


Reading = Draft | Ignored
"""What an adapter returns; it raises `Unreadable` when the event can be neither."""
