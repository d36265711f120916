"""An English landlord's events, and HACT repairs."""

from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from services.sandbox.corporations.incident import Incident, instant

CONCERNS: Final = ("domestic-abuse", "noise-nuisance", "coercive-control", "child-safeguarding", "lock-change-request")
CATEGORIES: Final = (
    "DOMESTIC-ABUSE",
    {"code": "07", "name": "Domestic abuse"},
    ["Noise", "Physical violence"],
    "Harassment",
)
"""Categories of cases of anti-social behaviour, as systems write them."""

REFERENCES: Final = {"Concern": "CON", "AsbCase": "ASB"}
TRADES: Final = (("Door kicked in, replace leaf and frame", "CP"), ("Change lock, tenant asks again", "LK"))
Json = dict[str, Any]


def landlord_event(incident: Incident, *, withdrawn: bool = False) -> Json:
    """A concern, or one time in four a case of anti-social behaviour: raised or opened, or withdrawn."""
    if incident.number % 4 == 1:
        told: Json = {"category": CATEGORIES[incident.number // 4 % len(CATEGORIES)]}
        return _event(incident, "AsbCase", "Withdrawn" if withdrawn else "Opened", told)
    concern = CONCERNS[incident.number % len(CONCERNS)]
    told = {"concernType": concern}
    if concern in {"domestic-abuse", "coercive-control"}:
        told["dashScore"] = 10 + incident.number % 9
    return _event(incident, "Concern", "Withdrawn" if withdrawn else "Raised", told)


def _event(incident: Incident, entity: str, happened: str, told: Json) -> Json:
    """The landlord's event envelope."""
    withdrawn = happened == "Withdrawn"
    own = f"{REFERENCES[entity]}-{incident.number}"
    return {
        "id": str(uuid5(NAMESPACE_URL, f"landlord/{incident.number}/{withdrawn}")),
        "eventType": f"{entity}{happened}Event",
        "sourceDomain": f"{entity}s",
        "sourceSystem": "HousingManagement",
        "version": "v1",
        "correlationId": str(uuid5(NAMESPACE_URL, f"correlation/{incident.number}")),
        "dateTime": instant(incident.at),
        "user": {"name": "Test Officer", "email": "officer@landlord.example"},
        "entityId": own,
        "eventData": {
            "oldData": None,
            "newData": {"reference": own, "status": "withdrawn" if withdrawn else "open", **told, **_about(incident)},
        },
    }


def _about(incident: Incident) -> Json:
    """Where it is, and who is in it."""
    return {
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
