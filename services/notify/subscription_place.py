"""SUBSCRIPTION PLACE: whether what stands at a partner under the id of our Subscription is ours to write over. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from services.notify.classify import LATER
from services.notify.fhir_answers import NotNow, failed_to
from services.notify.json_object import json_object
from services.notify.reply import Answer, Reply
from services.notify.subscription import Forgotten

_NOT_IMPLEMENTED: Final = 501


def in_its_place(reply: Reply, wanted: Mapping[str, Any], now: datetime) -> Forgotten | NotNow | None:
    """What stands under the id by which we know ours, before it is `wanted` there; None when it may be renewed.

    A server that the partner has moved to, or emptied, may have given that id to a Subscription of somebody else's. A
    server that shows us none is believed.
    """
    match reply:
        case Answer(status=200, body=body):
            return None if _is_ours(json_object(body).get("channel"), wanted["channel"]) else Forgotten()
        case Answer(status=404 | 410):
            return Forgotten()
        case Answer(status=status) if status == _NOT_IMPLEMENTED or (400 <= status < 500 and status not in LATER):  # noqa: PLR2004  refusals
            return None
        case _:
            return failed_to(reply, now)


def _is_ours(channel: object, wanted: Mapping[str, Any]) -> bool:
    """By where it notifies, or by what it shows there, as we may have another address by now."""
    match channel:
        case {"endpoint": str(endpoint)} if endpoint == wanted["endpoint"]:
            return True
        case {"header": list(shown)}:
            return wanted["header"][0] in shown
        case _:
            return False
