"""What the sandbox FHIR server says it can do."""

from services.sandbox.partners.fhir_basics import REQUIRED
from services.sandbox.partners.outcome import FHIR_JSON, Json

INTERACTIONS = ("read", "create", "update", "search-type")


def capability_statement(name: str, at: str) -> Json:
    """A CapabilityStatement (FHIR R4, section 3.1.0.7) of the partner called *name*; *at* is an instant."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": at,
        "kind": "instance",
        "implementation": {"description": f"Sandbox care partner {name}, synthetic data only"},
        "fhirVersion": "4.0.1",
        "format": [FHIR_JSON],
        "rest": [
            {
                "mode": "server",
                "resource": [_resource(type_) for type_ in sorted(REQUIRED)],
                "interaction": [{"code": "transaction"}],
            }
        ],
    }


def _resource(type_: str) -> Json:
    return {
        "type": type_,
        "interaction": [{"code": code} for code in INTERACTIONS],
        "versioning": "versioned",
        "conditionalCreate": True,
        "conditionalUpdate": True,
        "searchParam": [
            {"name": "_id", "type": "token"},
            {"name": "_lastUpdated", "type": "date"},
            {"name": "identifier", "type": "token"},
        ],
    }
