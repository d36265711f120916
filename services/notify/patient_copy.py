"""PATIENT COPY: what becomes of the Patient that we made at a partner's, once a later revision has arrived there.

It is a copy of ours, and is kept as the revision has it; a withdrawal empties it. But a partner answers for its own
records: a Patient that holds anything we never write is theirs by now, and is left as it is.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from services.notify.classify import LATER, failure, not_before, unsent
from services.notify.outcome import Accepted, Duplicate, Refused, TryLater, Unknown
from services.notify.reply import Answer, Lost, NotSent, Reply
from services.notify.resource import resource_of

Json = dict[str, Any]

KEPT: Final = "patient-kept"
"""Beside the outcome: the Patient is theirs, or they let nobody look."""

CONTENT: Final = frozenset(
    {
        "resourceType",
        "identifier",
        "active",
        "name",
        "telecom",
        "gender",
        "birthDate",
        "address",
        "managingOrganization",
    }
)
"""Every element we write in a Patient."""

OURS: Final = CONTENT | {"id", "meta", "text"}
"""With what a server adds: `text` is what it writes about the rest. Anything else there was added by somebody."""

_ID: Final = re.compile(r"[A-Za-z0-9-][A-Za-z0-9.-]{0,63}")
_NOT_IMPLEMENTED: Final = 501
_CHANGED: Final = frozenset({409, 412})

Told = Accepted | Duplicate
"""The revision itself arrived."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The Patient as the revision has it, and from whom it came: a reference to the corporation."""

    patient: Json
    source: Json

    @classmethod
    def of(cls, body: bytes) -> "Wanted":
        """As the revision's Bundle has them."""
        found = {each["resourceType"]: each for each in (entry["resource"] for entry in orjson.loads(body)["entry"])}
        return cls(found["Patient"], found["Task"]["requester"])

    @property
    def condition(self) -> str:
        """By what it is searched: our identifier, and nothing that tells of anybody."""
        [identifier] = self.patient["identifier"]
        return f"{identifier['system']}|{identifier['value']}"

    def under(self, id_: str) -> bytes:
        """What is to be put in its place."""
        return orjson.dumps({**self.patient, "id": id_})


@dataclass(frozen=True, slots=True)
class Copy:
    """Our copy, and another than is wanted; `version` as the server counts, where it says so."""

    id: str
    version: str | None


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is none, or it is as it should be."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """They made it their own, or do not let us look."""


Standing = Copy | Nothing | Theirs | Unknown


def standing(reply: Reply, now: datetime, wanted: Wanted) -> Standing:
    """The answer to a search for the Patient. Unknown: it must be asked again."""
    match reply:
        case Answer(status=status) if 200 <= status < 300:  # noqa: PLR2004  the class of success
            return _found(reply, wanted)
        case Answer(status=status) if status in LATER or (status >= 500 and status != _NOT_IMPLEMENTED):  # noqa: PLR2004  theirs
            return Unknown("not-answered", status, not_before(reply, now))
        case Answer():
            return Theirs()
        case NotSent(reason=reason) | Lost(reason=reason):
            return Unknown(reason)


def afterwards(reply: Reply, now: datetime, told: Told) -> Told | Unknown | Refused:
    """What the whole comes to, by the answer to writing the Patient.

    Somebody changed it in between: look again. A server that lets nobody write it keeps it, and that is noted.
    """
    match reply:
        case Answer(status=status) if 200 <= status < 300:  # noqa: PLR2004  the class of success
            return told
        case Answer(status=status) if status in _CHANGED:
            return Unknown("conflict", status)
        case Answer():
            return _failed(failure(reply, now), told)
        case NotSent():
            return _failed(unsent(reply, now), told)
        case Lost(reason=reason):
            return Unknown(reason)


def kept(told: Told) -> Told:
    """Noted beside the outcome, so that the trail says what was left, and where."""
    return type(told)(told.status, KEPT)


def _failed(outcome: object, told: Told) -> Told | Unknown | Refused:
    match outcome:
        case (
            TryLater(reason=reason, status=status, not_before=moment)
            | Unknown(reason=reason, status=status, not_before=moment)
        ):
            return Unknown(reason, status, moment)
        case Refused(status=None) as refused:
            return refused
        case _:
            return kept(told)


def _found(answer: Answer, wanted: Wanted) -> Standing:
    bundle = resource_of(answer.body)
    if bundle.get("type") != "searchset":
        return Unknown("unreadable-answer", answer.status)
    try:
        patients = [entry["resource"] for entry in bundle.get("entry", ())]
        found = [each for each in patients if each["resourceType"] == "Patient" and _is(each, wanted)]
        match found:
            case []:
                return Nothing()
            case [patient]:
                return _judged(patient, wanted)
            case _:
                return Theirs()
    except (TypeError, KeyError, AttributeError):
        return Unknown("unreadable-answer", answer.status)


def _judged(patient: Json, wanted: Wanted) -> Standing:
    """One more identifier, also of another referral of ours, means that somebody put two records together."""
    source = patient.get("managingOrganization", wanted.source)
    if not patient.keys() <= OURS or len(patient["identifier"]) > 1 or _owner(source) != _owner(wanted.source):
        return Theirs()
    if "text" not in patient and _content(patient) == _content(wanted.patient):
        return Nothing()
    id_, version = str(patient["id"]), patient.get("meta", {}).get("versionId")
    if not _ID.fullmatch(id_) or (version is not None and not _ID.fullmatch(str(version))):
        raise TypeError("no id of FHIR's")  # it would stand in an address, or in a header
    return Copy(id_, version)


def _content(patient: Json) -> Json:
    return {name: value for name, value in patient.items() if name in CONTENT}


def _owner(organisation: Json) -> tuple[str | None, str | None, str | None]:
    identifier = organisation.get("identifier", {})
    return organisation.get("reference"), identifier.get("system"), identifier.get("value")


def _is(patient: Json, wanted: Wanted) -> bool:
    """A server that passes over what it does not know in a search answers with what others sent it."""
    return any(f"{each.get('system')}|{each.get('value')}" == wanted.condition for each in patient["identifier"])
