"""FRAME: what all resources of one Bundle share: labels, identifiers, references, organisations."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from schemas import ids
from schemas.partner import FhirChannel, FhirMessageChannel
from services.notify.fhir.codes import LABELS, TEST_LABELS, THREAD, Json
from services.notify.letter import Letter

TYPES: Final = ("Task", "ServiceRequest", "Patient", "Observation", "Flag", "Provenance")
"""One of each stands in every transaction of ours: so many entries an answer must have."""

PROFILED: Final = (*TYPES, "MessageHeader", "Organization", "Bundle")
"""Longer names that hold a shorter one do not occur, so a profile's url tells its type."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything a resource needs to know beside its content; a pure function of the letter."""

    letter: Letter
    at: str
    corporation: Json
    partner: Json
    ids: dict[str, str]

    @classmethod
    def of(cls, letter: Letter) -> "Frame":
        """Organisations are logical references: we create none in the partner's system."""
        corporation, partner, thread = letter.corporation, letter.partner, letter.thread
        derived = {type_: str(ids.derived(thread, "fhir", type_)) for type_ in TYPES}
        derived["Provenance"] = str(ids.derived(letter.referral.id, "fhir", "Provenance"))  # it tells of one revision
        return cls(
            letter,
            instant(letter.referral.decided_at),
            _organisation(corporation.name, corporation.identifier.system, corporation.identifier.value),
            _organisation(partner.name, partner.identifier.system, partner.identifier.value),
            derived,
        )

    def reference(self, type_: str) -> Json:
        """To another entry of the Bundle."""
        return {"reference": f"urn:uuid:{self.ids[type_]}", "type": type_}

    def meta(self, type_: str) -> Json:
        """Labels always; profiles only where the partner's entry declares them for this type."""
        labels = TEST_LABELS if self.letter.referral.facts.test else LABELS
        meta: Json = {"security": labels}
        if profiles := [profile for profile in self.agreed if _profiled(profile) == type_]:
            meta["profile"] = profiles
        return meta

    @property
    def agreed(self) -> tuple[str, ...]:
        """The canonicals that were agreed on with this partner."""
        match self.letter.partner.channel:
            case FhirChannel(profiles=profiles) | FhirMessageChannel(profiles=profiles):
                return profiles
            case _:
                return ()

    def resource(self, type_: str) -> Json:
        """The beginning of a resource that can be found again by its identifier."""
        value = str(self.letter.thread) if type_ == "Task" else self.ids[type_]
        return {"resourceType": type_, "meta": self.meta(type_), "identifier": [{"system": THREAD, "value": value}]}

    def entry(self, resource: Json) -> Json:
        """First revision: created unless it is there. Later ones: updated where the identifier finds it, else created.

        A Patient is only ever created here: one that is there may be the partner's own by now (`patient_copy`).

        A second conditional create with other content would change nothing and say 200. The condition holds our
        identifier only: it is a query, and lands in access logs.
        """
        type_ = resource["resourceType"]
        full_url = f"urn:uuid:{self.ids[type_]}"
        if type_ == "Provenance":
            return {
                "fullUrl": full_url,
                "resource": resource,
                "request": {"method": "PUT", "url": f"{type_}/{resource['id']}"},
            }
        identifier = resource["identifier"][0]
        condition = f"identifier={identifier['system']}|{identifier['value']}"
        if self.letter.referral.revision == 1 or type_ == "Patient":
            request = {"method": "POST", "url": type_, "ifNoneExist": condition}
        else:
            request = {"method": "PUT", "url": f"{type_}?{condition}"}
        return {"fullUrl": full_url, "resource": resource, "request": request}

    def enclosed(self, resource: Json) -> Json:
        """In a Bundle that asks for nothing to be stored: the resource under its own id, to be told of and no more."""
        id_ = resource.get("id") or self.ids[resource["resourceType"]]
        return {"fullUrl": f"urn:uuid:{id_}", "resource": {**resource, "id": id_}}


def instant(at: datetime) -> str:
    """As FHIR writes an instant; in UTC as it was carried."""
    return at.isoformat()


@lru_cache(maxsize=1024)
def _organisation(name: str, system: str, value: str) -> Json:
    return {"type": "Organization", "identifier": {"system": system, "value": value}, "display": name}


@lru_cache(maxsize=256)
def _profiled(profile: str) -> str | None:
    """The type a profile is for: the one its last segment names first, as in `SDOHCC-TaskForReferralManagement`."""
    name = profile.rpartition("/")[2]
    named = [(name.index(type_), type_) for type_ in PROFILED if type_ in name]
    return min(named)[1] if named and "/MessageDefinition/" not in profile else None
