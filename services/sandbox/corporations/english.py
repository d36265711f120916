"""An English landlord's events, and HACT repairs."""

from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from services.sandbox.corporations.incident import Incident, instant

CONCERNS: Final = ("domestic-abuse", "noise-nuisance", "coercive-control", "child-safeguarding", "lock-change-request")
TRADES: Final = (("Door kicked in, replace leaf and frame", "CP"), ("Change lock, tenant asks again", "LK"))
Json = dict[str, Any]


def landlord_event(incident: Incident, *, withdrawn: bool = False) -> Json:
    """The landlord's event envelope: concern raised or withdrawn, old and new data."""
    concern = CONCERNS[incident.number % len(CONCERNS)]
    data: Json = {
        "reference": f"CON-{incident.number}",
        "concernType": concern,
        "status": "withdrawn" if withdrawn else "open",
        "propertyReference": incident.dwelling,
        "address": {
            "addressLine1": incident.street,
            "postcode": incident.postcode,
            "localAuthority": incident.town,
            "localAuthorityCode": incident.area,
        },
        "persons": [{"fullName": incident.victim, "role": "tenant"}, {"fullName": incident.other, "role": "alleged"}],
        "childrenInHousehold": incident.child is not None,
        "narrative": incident.narrative,
    }
    if concern in {"domestic-abuse", "coercive-control"}:
        data["dashScore"] = 10 + incident.number % 9
    return {
        "id": str(uuid5(NAMESPACE_URL, f"landlord/{incident.number}/{withdrawn}")),
        "eventType": "ConcernWithdrawnEvent" if withdrawn else "ConcernRaisedEvent",
        "sourceDomain": "Concerns",
        "sourceSystem": "HousingManagement",
        "version": "v1",
        "correlationId": str(uuid5(NAMESPACE_URL, f"correlation/{incident.number}")),
        "dateTime": instant(incident.at),
        "user": {"name": "Test Officer", "email": "officer@landlord.example"},
        "entityId": f"CON-{incident.number}",
        "eventData": {"oldData": None, "newData": data},
    }


def raise_repair(incident: Incident) -> Json:
    """HACT RaiseRepair for a door or a lock."""
    description, trade = TRADES[incident.number % len(TRADES)]
    return {
        "id": f"WO-{incident.number}",
        "dateReported": instant(incident.at),
        "descriptionOfWork": f"{description}. {incident.narrative}"[:230],
        "priority": {
            "priorityCode": 2,
            "priorityDescription": "Urgent",
            "requiredCompletionDateTime": instant(incident.at),
        },
        "workClass": {"workClassCode": 0},
        "workElement": [{"rateScheduleItem": [{"m3NHFSORCode": "DES5R006"}], "trade": [{"code": trade}]}],
        "locationOfRepair": "Front door",
        "sitePropertyUnit": [
            {
                "reference": [{"id": incident.dwelling}],
                "address": {
                    "addressLine": [incident.street],
                    "cityName": incident.town,
                    "postalCode": incident.postcode,
                },
            }
        ],
        "personAlert": [{"type": "VA", "comments": "Visit in pairs"}] if incident.number % 7 == 0 else [],
    }
