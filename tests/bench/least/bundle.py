"""The least Bundle: a FHIR transaction of the same six entries and about the same size as ours, as a plain dict.

Nobody checks it here; a test shows that our own rules would let it pass.
"""

from typing import Any, Final

import orjson

from tests.bench.least.wire import derived

Json = dict[str, Any]


def _once(content: Any) -> Any:
    """What is the same in every Bundle is written once."""
    return orjson.Fragment(orjson.dumps(content))


OURS: Final = "urn:seinpaal:codesystem:"
META: Final = _once(
    {
        "security": [
            {
                "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
                "code": "V",
                "display": "very restricted",
            },
            {
                "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                "code": "SDV",
                "display": "sexual assault, abuse, or domestic violence information sensitivity",
            },
        ]
    }
)
PROHIBITED: Final = _once(
    {
        "system": "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes",
        "code": "contacting-subject-prohibited",
        "display": "Contacting Subject Prohibited",
    }
)
CORPORATION: Final = _once(
    {
        "type": "Organization",
        "identifier": {"system": "http://www.kvk.nl/", "value": "00000001"},
        "display": "Woonstichting Voorbeeld",
    }
)
PARTNER: Final = _once(
    {
        "type": "Organization",
        "identifier": {"system": "urn:nld:oin", "value": "00000000000000000001"},
        "display": "Veilig Thuis Voorbeeld 0",
    }
)
TYPES: Final = ("Task", "ServiceRequest", "Patient", "Observation", "Flag", "Provenance")
KINDS: Final = {"noise.violence": "geluid van geweld", "threat": "bedreiging", "fear.observed": "angst waargenomen"}


def _code(system: str, code: str, **more: str) -> Json:
    return {"coding": [{"system": system, "code": code}], **more}


def _hl7(system: str, code: str, display: str) -> Json:
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code, "display": display}]}


def _agent(code: str, who: Json) -> Json:
    system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
    return {"type": _code(system, code), "who": who}


SOCIAL: Final = _once([_hl7("observation-category", "social-history", "Social History")])
FLAGGED: Final = _once(
    [
        _hl7("flag-category", "contact", "Subject Contact"),
        _hl7("flag-category", "safety", "Safety"),
    ]
)
NO_CONTACT: Final = _once(
    {
        "text": "Geen contact opnemen met de betrokkene: niet bellen, schrijven, langsgaan; er is geen veilig contact.",
        "coding": [PROHIBITED],
    }
)
US: Final = {"identifier": {"system": "urn:seinpaal:device", "value": "seinpaal"}, "display": "Seinpaal"}
AGENTS: Final = _once([_agent("author", CORPORATION), _agent("assembler", US)])
CREATE: Final = _once(_code("http://terminology.hl7.org/CodeSystem/v3-DataOperation", "CREATE"))
FULFILL: Final = _once(_code("http://hl7.org/fhir/CodeSystem/task-code", "fulfill"))
ASKED_ABOUT: Final = {name: _once(_code(f"{OURS}indicator", name)) for name in ("acute", "structural")}


def bundle(referral: Json, particulars: Json) -> Json:
    """Of one referral."""
    id_, signal, at = referral["id"], referral["signal"], referral["decided_at"]
    ids = {type_: derived(f"{id_}\x1ffhir\x1f{type_}") for type_ in TYPES}
    refs: Json = {type_: {"reference": f"urn:uuid:{ids[type_]}", "type": type_} for type_ in TYPES}
    what = _code(f"{OURS}signal-kind", referral["facts"]["kind"])
    what["text"] = f"Vermoeden, niet bevestigd: {KINDS[referral['facts']['kind']]}"
    asked = {
        "status": "active", "intent": "order", "priority": "routine", "code": _code(f"{OURS}service", referral["kind"]),
        "subject": refs["Patient"], "authoredOn": at, "requester": CORPORATION, "performer": [PARTNER],
        "requisition": {"system": "urn:seinpaal:signal", "value": signal}, "reasonCode": [what],
        "reasonReference": [refs["Observation"]], "supportingInfo": [refs["Flag"]],
        "orderDetail": [{"coding": [PROHIBITED]}],
    }  # fmt: skip
    flagged = {
        "status": "active", "category": FLAGGED, "code": NO_CONTACT, "subject": refs["Patient"],
        "period": {"start": at}, "author": CORPORATION,
    }  # fmt: skip
    entries = [
        _entry("Task", ids["Task"], _task(referral, refs), {"system": "urn:seinpaal:revision", "value": id_}),
        _entry("ServiceRequest", ids["ServiceRequest"], asked),
        _entry("Patient", ids["Patient"], _patient(particulars)),
        _entry("Observation", ids["Observation"], _observation(referral, particulars, what, refs)),
        _entry("Flag", ids["Flag"], flagged),
        _provenance(referral, ids["Provenance"], refs),
    ]
    return {
        "resourceType": "Bundle", "meta": META, "identifier": {"system": "urn:seinpaal:revision", "value": id_},
        "type": "transaction", "timestamp": at, "entry": entries,
    }  # fmt: skip


def _entry(type_: str, id_: str, content: Json, *more: Json) -> Json:
    identifier = {"system": "urn:seinpaal:referral", "value": id_}
    return {
        "fullUrl": f"urn:uuid:{id_}",
        "resource": {"resourceType": type_, "meta": META, "identifier": [identifier, *more], **content},
        "request": {"method": "POST", "url": type_, "ifNoneExist": f"identifier=urn:seinpaal:referral|{id_}"},
    }


def _task(referral: Json, refs: Json) -> Json:
    at = referral["decided_at"]
    return {
        "groupIdentifier": {"system": "urn:seinpaal:signal", "value": referral["signal"]}, "status": "requested",
        "intent": "order", "priority": "routine", "code": FULFILL,
        "description": "Beoordeel het vermoeden en koppel de voortgang terug.", "focus": refs["ServiceRequest"],
        "for": refs["Patient"], "authoredOn": at, "lastModified": at, "requester": CORPORATION, "owner": PARTNER,
        "restriction": {"period": {"end": referral["deadline"]}, "recipient": [PARTNER]},
        "input": [
            {"type": _code(f"{OURS}task-input", "observation"), "valueReference": refs["Observation"]},
            {"type": _code(f"{OURS}task-input", "safe-contact"), "valueReference": refs["Flag"]},
        ],
    }  # fmt: skip


def _patient(particulars: Json) -> Json:
    told: Json = {"managingOrganization": CORPORATION}
    if people := particulars.get("people"):
        known = people[0]
        told["gender"] = known["gender"]
        told["name"] = [{"use": "official", "text": known["name"]}]
        told["birthDate"] = known["birth_date"]
    if where := particulars.get("address"):
        about = {"line": where["lines"], "city": where["city"], "postalCode": where["postcode"]}
        told["address"] = [{"use": "home", "country": "NL", **about}]
    return told


def _observation(referral: Json, particulars: Json, what: Json, refs: Json) -> Json:
    facts = referral["facts"]
    component = [
        {
            "code": ASKED_ABOUT[name],
            "valueCodeableConcept": _code(f"{OURS}answer", facts[name]),
        }
        for name in ("acute", "structural")
    ]
    return {
        "status": "preliminary", "category": SOCIAL, "code": what, "subject": refs["Patient"],
        "issued": referral["decided_at"], "performer": [CORPORATION],
        "valueCodeableConcept": _code(f"{OURS}certainty", facts["certainty"], text="vermoed"), "component": component,
        "effectiveDateTime": facts["observed_at"], "note": [{"text": particulars["narrative"].strip()}],
    }  # fmt: skip


def _provenance(referral: Json, id_: str, refs: Json) -> Json:
    resource = {
        "resourceType": "Provenance", "id": id_, "meta": META, "target": [refs["Task"], refs["ServiceRequest"]],
        "recorded": referral["decided_at"], "activity": CREATE, "agent": AGENTS,
        "entity": [
            {"role": "source", "what": {"identifier": {"system": "urn:seinpaal:signal", "value": referral["signal"]}}}
        ],
        "reason": [_code(f"{OURS}legal-basis", referral["legal_basis"])],
    }  # fmt: skip
    return {
        "fullUrl": f"urn:uuid:{id_}",
        "resource": resource,
        "request": {"method": "PUT", "url": f"Provenance/{id_}"},
    }
