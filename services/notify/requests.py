"""REQUESTS: how many one attempt may make of a partner at most, and how far apart: its rate counts each. Pure."""

from datetime import timedelta
from typing import Final

from schemas.partner import Channel, FhirChannel, FhirMessageChannel, InboxChannel, NotifiedPullChannel, WebhookChannel
from services.notify.line import Line

PAUSING: Final = 0.5
"""The share of its time that an attempt may spend between its requests: the rest is for the partner's answers."""


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


def pause(rate: float | None, requests: int, left: timedelta) -> float:
    """Seconds from one request of an attempt to the next; `rate` is in requests a second, `left` its time.

    With a rate so slow that the attempt would not end in its lease, what is left of the pause comes after it.
    """
    if rate is None or requests == 1:
        return 0.0
    return min(1 / rate, left.total_seconds() * PAUSING / (requests - 1))
