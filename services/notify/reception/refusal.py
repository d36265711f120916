"""REFUSAL: what a partner's system is told when we do not do what it asked: an OperationOutcome, without an echo."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.responses import Response

FHIR_JSON: Final = "application/fhir+json"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`status` is HTTP's, `code` of FHIR R4's issue-type, `text` says what to do; `where` is a path without values."""

    status: int
    code: str
    text: str
    where: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def outcome(self) -> dict[str, Any]:
        """An OperationOutcome with one error (FHIR R4, section 2.23)."""
        issue: dict[str, Any] = {"severity": "error", "code": self.code, "diagnostics": self.text}
        if self.where:
            issue["expression"] = [self.where]
        return {"resourceType": "OperationOutcome", "issue": [issue]}


class TurnedAway(Exception):  # noqa: N818  it says what happened
    """Raised anew each time, as an exception that is kept collects every place it was raised at."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def refused(refusal: Refusal) -> Response:
    """As an HTTP response."""
    return fhir(refusal.outcome, refusal.status, refusal.headers)


def fhir(resource: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A FHIR resource as an HTTP response."""
    return Response(orjson.dumps(resource), status, headers, f"{FHIR_JSON}; fhirVersion=4.0")


UNKNOWN: Final = Refusal(401, "login", "Show a valid bearer token.", headers={"WWW-Authenticate": "Bearer"})
NOT_FOUND: Final = Refusal(404, "not-found", "There is nothing of that name for you.")
PERSON: Final = Refusal(
    400,
    "invalid",
    "It takes a pseudonym, never a name: a role, a dash and a number, in small letters and digits, such as worker-3.",
    "header.Seinpaal-Person",
)
"""It stays on the audit log for good: what may be somebody's name never gets there, as with `--actor`."""

TOO_LARGE: Final = Refusal(413, "too-long", "The body is longer than 64 KiB.")
PACKED: Final = Refusal(415, "not-supported", "Send the body without Content-Encoding.")
TOO_SLOW: Final = Refusal(408, "timeout", "The body did not come in time.")
BUSY: Final = Refusal(429, "throttled", "So many of yours are under way: wait for one.", headers={"Retry-After": "1"})
NOT_NOW: Final = Refusal(503, "transient", "Try again later.", headers={"Retry-After": "5"})
OUR_FAULT: Final = Refusal(500, "exception", "This is a fault of ours; nothing of it was kept. Try again later.")
