"""CAPABILITY: what a partner's FHIR client asks first, whom it talks to: GET metadata (FHIR R4, section 3.1.0.9).

Clients such as HAPI's ask it before anything else, and send nothing where there is no answer.
"""

from typing import Any, Final

from services.notify.reception.patch import JSON_PATCH
from services.notify.reception.refusal import FHIR_JSON

STATEMENT: Final[dict[str, Any]] = {
    "resourceType": "CapabilityStatement",
    "status": "active",
    "date": "2026-11-28",
    "kind": "instance",
    "software": {"name": "Seinpaal"},
    "implementation": {"description": "Here a care partner tells how its referrals go"},
    "fhirVersion": "4.0.1",
    "format": [FHIR_JSON],
    "patchFormat": [JSON_PATCH, FHIR_JSON],
    "rest": [
        {
            "mode": "server",
            "security": {"description": "A bearer token that was agreed on; each partner finds its own alone"},
            "resource": [
                {
                    "type": "Task",
                    "documentation": "Its status, statusReason and businessStatus are read, their codes kept",
                    "interaction": [{"code": code} for code in ("read", "update", "patch", "search-type")],
                    "versioning": "versioned-update",
                    "readHistory": False,
                    "updateCreate": False,
                    "conditionalCreate": False,
                    "conditionalUpdate": True,
                    "searchParam": [
                        {"name": "identifier", "type": "token", "documentation": "urn:seinpaal:referral|ID, required"}
                    ],
                }
            ],
        }
    ],
}
"""The same for everybody; JSON Merge Patch is taken too, and no code of FHIR's."""
