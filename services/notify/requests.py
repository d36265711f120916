"""REQUESTS: how many one attempt may make of a partner at most, and how far apart: its rate counts each. Pure."""

import math
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from schemas.partner import (
    Channel,
    FhirChannel,
    FhirMessageChannel,
    InboxChannel,
    NotifiedPullChannel,
    Partner,
    WebhookChannel,
)
from services.notify.line import Line
from services.runtime.errors import Refused

PAUSING: Final = 0.5
"""The share of its time that an attempt may spend between its requests: the rest is for the partner's answers."""

BEGINS_WITHIN: Final = timedelta(seconds=3)
"""How soon after its claim an attempt begins at the latest, or it gives its place back."""


def most_requests(channel: Channel, line: Line) -> int:
    """A FHIR server is asked first where an attempt may have arrived, and told.

    Of a first revision it is asked whether what was there already is ours; of a later one the Patient is looked up and
    written. Whoever else is sent the same again.
    """
    match channel:
        case FhirChannel():
            return 1 + line.uncertain + (1 if line.revision == 1 else 2)
        case FhirMessageChannel() | WebhookChannel() | NotifiedPullChannel() | InboxChannel():
            return 1


def most_ever(channel: Channel) -> int:
    """How many requests any attempt there may make: of a later revision, after an answer was lost."""
    return 4 if isinstance(channel, FhirChannel) else 1


def pause(rate: float | None, requests: int) -> float:
    """Seconds from one request of an attempt to the next; `rate` is in requests a second."""
    return 0.0 if rate is None or requests == 1 else 1 / rate


def needed(rate: float | None, requests: int) -> timedelta:
    """How long an attempt must have, for its requests to lie so far apart and their answers to have their time."""
    return timedelta(seconds=pause(rate, requests) * (requests - 1) / PAUSING)


def unhurried(partners: Iterable[Partner], patience: timedelta, margin: timedelta) -> None:
    """Nothing, when an attempt at each has its time; `patience` is how long one may take, `margin` its lease's rest.

    Raises:
        Refused: rates are slower than that allows, with a line for each partner that says what to set.
    """
    faults = [fault for each in partners if (fault := _hurried(each, patience, margin))]
    if faults:
        raise Refused("\n".join(faults))


def _hurried(partner: Partner, patience: timedelta, margin: timedelta) -> str | None:
    most, rate = most_ever(partner.channel), partner.rate
    needs = needed(rate, most) + BEGINS_WITHIN
    if rate is None or needs <= patience:
        return None
    lease = math.ceil((needs + margin).total_seconds())
    return (
        f"partner {partner.id}: at a rate of {rate:g} a second the {most} requests of an attempt lie {1 / rate:g} s "
        f"apart, and none ends in its lease. Set NOTIFY_LEASE_SECONDS to {lease} or more, or agree on a rate of "
        f"{_least(most, patience):g} or more"
    )


def _least(requests: int, patience: timedelta) -> float:
    """The slowest rate that fits, rounded up."""
    fits = (requests - 1) / PAUSING / (patience - BEGINS_WITHIN).total_seconds()
    return math.ceil(fits * 1000) / 1000
