"""SUBSCRIPTION: what we ask a partner's server to notify us of, and what its notifications come to. Pure.

FHIR R4, section 2.46; with a topic as in the Subscriptions R5 Backport 1.1.0, whose notifications are Bundles. Of these
only ids are taken: whatever else they hold is believed when it was read from the partner, and not before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from pydantic import ValidationError

from schemas.feedback import SubscriptionFeedback
from services.notify.fhir_answers import ID, NotNow, failed_to
from services.notify.json_object import json_object
from services.notify.reply import Answer, Reply
from services.notify.task_report import Unread, instant

PATH: Final = "fhir/notification"
"""Where we are notified, below our own address."""

RENEWED: Final = timedelta(days=1)
"""It is renewed so often at least: a server that gave it up by itself takes it up again."""

AGAIN: Final = timedelta(minutes=10)
"""How soon we try once more to have one, or one that lasts."""

OVER: Final = "subscription-over"
"""Why nobody notifies us, where its server says so of what it was just asked for."""

BACKPORT: Final = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition"
KINDS: Final = ("handshake", "heartbeat", "event-notification")

_DEEPEST: Final = 50
"""How deep a notification may be nested: a Bundle with whole resources in it is not half as deep."""

Kind = Literal["handshake", "heartbeat", "event-notification"]
_GONE: Final = frozenset({400, 404, 405, 409, 410, 412, 422})
_OVER: Final = frozenset({"error", "off", "entered-in-error"})


@dataclass(frozen=True, slots=True)
class Subscribed:
    """They notify us, until then. `id` is what it is called there, when they said so. `over`: it is there, and idle."""

    id: str | None
    until: datetime
    over: bool = False


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The one we had is not there any more, or cannot be renewed: another must be made."""


Renewed = Subscribed | Forgotten | NotNow


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification. `tasks` are ids at the partner's server; `about` how many things it was about, Tasks or not.

    `over`: its server says that it will not notify us any more. `more`: it carries more than ids, which nobody reads.
    """

    kind: Kind
    tasks: tuple[str, ...] = ()
    about: int = 0
    over: bool = False
    more: bool = False


def wanted(how: SubscriptionFeedback, endpoint: str, token: str, until: datetime, id_: str | None) -> dict[str, Any]:
    """The Subscription. Notifications hold ids where there is a topic, and nothing at all where there is none."""
    channel: dict[str, Any] = {"type": "rest-hook", "endpoint": endpoint, "header": [f"Authorization: Bearer {token}"]}
    resource: dict[str, Any] = {
        "resourceType": "Subscription",
        "status": "requested",
        "end": until.isoformat(timespec="milliseconds"),
        "reason": "To hear how referrals go",
        "criteria": how.topic or how.filter,
        "channel": channel,
    }
    if id_ is not None:
        resource["id"] = id_
    if how.topic is not None:
        channel["payload"] = "application/fhir+json"
        channel["_payload"] = _extension("backport-payload-content", valueCode="id-only")
        channel |= _extension("backport-heartbeat-period", valueUnsignedInt=how.every_seconds)
        resource["meta"] = {"profile": [f"{BACKPORT}/backport-subscription"]}
        resource["_criteria"] = _extension("backport-filter-criteria", valueString=how.filter)
    return resource


def renewed(reply: Reply, now: datetime, until: datetime, id_: str | None) -> Renewed:
    """The answer to one. It lasts as long as they say, and never longer than we asked for."""
    match reply:
        case Answer(status=200 | 201, body=body):
            given = json_object(body)
            granted = _until(given.get("end"), until)
            called = given.get("id")
            known = called if isinstance(called, str) and ID.fullmatch(called) else id_
            return Subscribed(known, min(max(granted, now), until), over=_is_over(given))
        case Answer(status=status) if id_ is not None and status in _GONE:
            return Forgotten()
        case _:
            return failed_to(reply, now)


def renew_at(until: datetime, now: datetime) -> datetime:
    """Well before it ends, and once a day. A server that grants a moment, or none, is asked for no more than that."""
    return now + max(min((until - now) * 0.75, RENEWED), AGAIN)


def notice(bundle: object, base: str) -> Notice | Unread:
    """What a notification comes to; `base` is the partner's server, whose Tasks these must be."""
    if _too_deep(bundle, _DEEPEST):
        return Unread("Bundle", f"It is nested more than {_DEEPEST} deep. Send a notification Bundle with ids only.")
    status = _status(bundle)
    if status is None:
        return Unread("Bundle", "Send a notification Bundle, its status first (Subscriptions R5 Backport).")
    kind, references, over = status
    match kind:
        case "handshake" | "heartbeat" | "event-notification":
            found = {task for each in references if (task := _task(each, base)) is not None}
            return Notice(kind, tuple(sorted(found)), len(references), over, _carries_more(bundle))
        case _:
            return Unread("Bundle.entry[0].resource", f"The type must be one of {', '.join(KINDS)}.")


def _carries_more(bundle: object) -> bool:
    """Whether there is a resource beside the status, or a name beside a reference in it."""
    match bundle:
        case {"entry": [{"resource": status}, *others]}:
            return any(isinstance(each, dict) and "resource" in each for each in others) or _displays(status)
        case _:
            return False


def _too_deep(value: object, most: int) -> bool:
    match value:
        case dict() | list() if most == 0:
            return True
        case dict():
            return any(_too_deep(part, most - 1) for part in value.values())
        case list():
            return any(_too_deep(part, most - 1) for part in value)
        case _:
            return False


def _displays(value: object) -> bool:
    match value:
        case dict():
            return "display" in value or any(_displays(part) for part in value.values())
        case list():
            return any(_displays(part) for part in value)
        case _:
            return False


def _extension(name: str, **value: object) -> dict[str, Any]:
    return {"extension": [{"url": f"{BACKPORT}/{name}", **value}]}


def _until(said: object, until: datetime) -> datetime:
    try:
        return (instant(said) if isinstance(said, str) else None) or until
    except ValidationError:
        return until


def _status(bundle: object) -> tuple[str, Sequence[str], bool] | None:
    """Its kind, the references of what changed, and whether it is over."""
    match bundle:
        case {"resourceType": "Bundle", "entry": [{"resource": dict(first)}, *_]}:
            return _of_parameters(first) or _of_status(first)
        case _:
            return None


def _of_parameters(first: Mapping[str, Any]) -> tuple[str, Sequence[str], bool] | None:
    """As the backport writes it for R4."""
    match first:
        case {"resourceType": "Parameters", "parameter": list(parts)}:
            named = [part for part in parts if isinstance(part, dict)]
            codes = {str(part.get("name")): str(part.get("valueCode")) for part in named if "valueCode" in part}
            events = [part.get("part") for part in named if part.get("name") == "notification-event"]
            return codes.get("type", ""), list(_focuses(events)), codes.get("status") in _OVER
        case _:
            return None


def _of_status(first: Mapping[str, Any]) -> tuple[str, Sequence[str], bool] | None:
    """As it is in R4B."""
    match first:
        case {"resourceType": "SubscriptionStatus", "type": str(kind)}:
            events = first.get("notificationEvent")
            found = [each.get("focus") for each in events if isinstance(each, dict)] if isinstance(events, list) else []
            return kind, list(_references(found)), _is_over(first)
        case _:
            return None


def _is_over(said: Mapping[str, Any]) -> bool:
    """By its status, whatever stands there."""
    return str(said.get("status")) in _OVER


def _focuses(events: Sequence[object]) -> Iterator[str]:
    for event in events:
        parts = [part for part in event if isinstance(part, dict)] if isinstance(event, list) else []
        yield from _references([part.get("valueReference") for part in parts if part.get("name") == "focus"])


def _references(given: Sequence[object]) -> Iterator[str]:
    for each in given:
        match each:
            case {"reference": str(reference)}:
                yield reference


def _task(reference: str, base: str) -> str | None:
    """The id in `Task/…`, at this server only; a version in it says which one changed, and we read the newest."""
    path = reference.removeprefix(base.rstrip("/") + "/").partition("/_history/")[0]
    type_, _, id_ = path.partition("/")
    return id_ if type_ == "Task" and ID.fullmatch(id_) else None
