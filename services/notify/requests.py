"""REQUESTS: how many one attempt may make of a partner at most: its rate counts each. Pure."""

from schemas.partner import Channel, FhirChannel, FhirMessageChannel, InboxChannel, NotifiedPullChannel, WebhookChannel
from services.notify.line import Line


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
