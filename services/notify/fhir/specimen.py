"""A synthetic referral Bundle with every resource we send: what the rules must pass before the first real one does."""

from typing import Any

Json = dict[str, Any]

SID = "https://seinpaal.example/fhir/sid"
CODES = "https://seinpaal.example/fhir/CodeSystem"
SDOH = "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
NOTICED, SENT, DUE = "2026-03-02T21:30:00+01:00", "2026-03-03T08:15:00+01:00", "2026-03-04T08:15:00+01:00"

_IDS = {
    type_: f"00000000-0000-5000-8000-00000000000{number}"
    for number, type_ in enumerate(
        ("Task", "ServiceRequest", "Patient", "RelatedPerson", "Location", "Flag", "Observation", "Provenance")
    )
}


def specimen(signal: str = "00000000-0000-5000-8000-0000000000aa") -> Json:
    """A new transaction Bundle of eight entries about one imaginary *signal*; the caller may change it."""
    return {
        "resourceType": "Bundle",
        "meta": _meta(),
        "identifier": {"system": f"{SID}/bundle", "value": signal},
        "type": "transaction",
        "timestamp": SENT,
        "entry": [
            _created(_task(signal)),
            _created(_service_request(signal)),
            _created(_patient()),
            _created(_related_person(signal)),
            _created(_location()),
            _created(_flag(signal)),
            _created(_observation(signal)),
            _put(_provenance(signal)),
        ],
    }


def _meta() -> Json:
    return {
        "security": [
            {"system": f"{TERMINOLOGY}/v3-Confidentiality", "code": "V", "display": "very restricted"},
            {"system": f"{TERMINOLOGY}/v3-ActCode", "code": "SDV"},
            {"system": f"{TERMINOLOGY}/v3-ActReason", "code": "HTEST", "display": "test health data"},
        ]
    }


def _created(resource: Json) -> Json:
    identifier = resource["identifier"][0]
    condition = f"identifier={identifier['system']}|{identifier['value']}"
    request = {"method": "POST", "url": resource["resourceType"], "ifNoneExist": condition}
    return {"fullUrl": f"urn:uuid:{_IDS[resource['resourceType']]}", "resource": resource, "request": request}


def _put(resource: Json) -> Json:
    url = f"{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource, "request": {"method": "PUT", "url": url}}


def _resource(type_: str, system: str, value: str, **elements: Any) -> Json:
    identifier = [{"system": f"{SID}/{system}", "value": value}]
    return {"resourceType": type_, "meta": _meta(), "identifier": identifier, **elements}


def _coded(system: str, code: str, text: str = "") -> Json:
    return {"coding": [{"system": system, "code": code}], **({"text": text} if text else {})}


def _ref(type_: str) -> Json:
    return {"reference": f"urn:uuid:{_IDS[type_]}", "type": type_}


def _organization(name: str, value: str) -> Json:
    return {"type": "Organization", "identifier": {"system": f"{SID}/organization", "value": value}, "display": name}


def _corporation() -> Json:
    return _organization("Testcorporatie", "00000001")


def _partner() -> Json:
    return _organization("Testpartner", "00000002")


def _task(signal: str) -> Json:
    return _resource(
        "Task",
        "task",
        signal,
        groupIdentifier={"system": f"{SID}/signal", "value": signal},
        status="requested",
        intent="order",
        priority="asap",
        code=_coded("http://hl7.org/fhir/CodeSystem/task-code", "fulfill"),
        description="Testverwijzing",
        focus=_ref("ServiceRequest"),
        **{"for": _ref("Patient")},
        authoredOn=SENT,
        lastModified=SENT,
        requester=_corporation(),
        owner=_partner(),
        location=_ref("Location"),
        reasonCode=_coded(SDOH, "intimate-partner-violence"),
        restriction={"repetitions": 1, "period": {"end": DUE}, "recipient": [_partner()]},
        input=[
            {"type": _coded(SDOH, "additional-content"), "valueReference": _ref("Observation")},
            {"type": _coded(f"{CODES}/input", "safe-contact"), "valueReference": _ref("Flag")},
        ],
    )


def _service_request(signal: str) -> Json:
    return _resource(
        "ServiceRequest",
        "referral",
        signal,
        requisition={"system": f"{SID}/signal", "value": signal},
        status="active",
        intent="order",
        category=[_coded(SDOH, "intimate-partner-violence")],
        priority="asap",
        code=_coded("http://snomed.info/sct", "410606002"),
        orderDetail=[_coded(SDOH, "contacting-subject-prohibited")],
        subject=_ref("Patient"),
        occurrencePeriod={"start": SENT, "end": DUE},
        authoredOn=SENT,
        requester=_corporation(),
        performer=[_partner()],
        locationReference=[_ref("Location")],
        reasonCode=[_coded("http://snomed.info/sct", "386702006", "Vermoeden, niet bevestigd")],
        reasonReference=[_ref("Observation")],
        contained=[_contained_person()],
        supportingInfo=[_ref("Flag"), _ref("RelatedPerson"), {"reference": "#person-1", "type": "RelatedPerson"}],
        note=[{"time": SENT, "text": "Testnotitie"}],
    )


def _telecom(number: str) -> Json:
    return {"system": "phone", "value": number, "rank": 1}


def _address() -> Json:
    return {"line": ["Voorbeeldstraat 1"], "city": "Voorbeeldstad", "postalCode": "0000 AA", "country": "NL"}


def _patient() -> Json:
    qualifier = {"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier", "valueCode": "BR"}
    name = {"use": "official", "family": "Testpersoon", "given": ["Test"], "_given": [{"extension": [qualifier]}]}
    return _resource(
        "Patient",
        "tenant",
        "T-0000",
        active=True,
        name=[name],
        telecom=[_telecom("+31600000000")],
        gender="unknown",
        birthDate="1990-01-01",
        address=[{"use": "home", **_address()}],
        managingOrganization=_corporation(),
    )


def _related_person(signal: str) -> Json:
    return _resource(
        "RelatedPerson",
        "safe-contact",
        signal,
        patient=_ref("Patient"),
        relationship=[_coded(f"{TERMINOLOGY}/v3-RoleCode", "SIS")],
        name=[{"text": "Testcontact"}],
        telecom=[_telecom("+31600000001")],
        period={"start": "2026-03-03"},
    )


def _contained_person() -> Json:
    relationship = [_coded(f"{CODES}/role", "child", "Testkind")]
    person = {"resourceType": "RelatedPerson", "id": "person-1", "patient": _ref("Patient")}
    return {**person, "relationship": relationship, "name": [{"text": "Testkind"}], "birthDate": "2015"}


def _location() -> Json:
    return _resource(
        "Location",
        "dwelling",
        "0000000000000001",
        status="active",
        mode="instance",
        type=[_coded(f"{TERMINOLOGY}/v3-RoleCode", "PTRES")],
        address={"use": "home", "type": "physical", **_address()},
        managingOrganization=_corporation(),
    )


def _flag(signal: str) -> Json:
    return _resource(
        "Flag",
        "safe-contact-flag",
        signal,
        status="active",
        category=[_coded(f"{TERMINOLOGY}/flag-category", "contact"), _coded(f"{TERMINOLOGY}/flag-category", "safety")],
        code=_coded(SDOH, "contacting-subject-prohibited", "Alleen via het testcontact"),
        subject=_ref("Patient"),
        period={"start": SENT},
        author=_corporation(),
    )


def _observation(signal: str) -> Json:
    return _resource(
        "Observation",
        "observation",
        signal,
        status="preliminary",
        category=[_coded(f"{TERMINOLOGY}/observation-category", "social-history")],
        code=_coded(f"{CODES}/kind", "noise.violence"),
        subject=_ref("Patient"),
        effectiveDateTime=NOTICED,
        issued=SENT,
        performer=[_corporation()],
        valueCodeableConcept=_coded(f"{CODES}/certainty", "suspected"),
        note=[{"text": "Testwaarneming"}],
        component=[
            {"code": _coded(f"{CODES}/indicator", "children"), "valueInteger": 2},
            {"code": _coded(f"{CODES}/indicator", "danger"), "valueBoolean": False},
            {"code": _coded(f"{CODES}/indicator", "score"), "valueQuantity": {"value": 0.5, "unit": "score"}},
        ],
    )


def _provenance(signal: str) -> Json:
    source = {"identifier": {"system": f"{SID}/signal", "value": signal}}
    return {
        "resourceType": "Provenance",
        "id": _IDS["Provenance"],
        "meta": _meta(),
        "target": [_ref("Task"), _ref("ServiceRequest"), _ref("Observation")],
        "occurredDateTime": SENT,
        "recorded": SENT,
        "activity": _coded(f"{TERMINOLOGY}/v3-DataOperation", "CREATE"),
        "agent": [{"type": _coded(f"{TERMINOLOGY}/provenance-participant-type", "author"), "who": _corporation()}],
        "entity": [{"role": "source", "what": source}],
    }
