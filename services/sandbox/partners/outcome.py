"""What a FHIR server says when it refuses: a status, an issue code, a sentence, as an OperationOutcome."""

from typing import Any

import orjson
from aiohttp import web

Json = dict[str, Any]
FHIR_JSON = "application/fhir+json"


class Refusal(Exception):  # noqa: N818  the name is the answer
    """The request is refused as a whole and nothing of it is kept.

    `status` is the HTTP status, `code` one of FHIR's issue-type codes, `where` a FHIRPath without values.
    """

    def __init__(self, status: int, code: str, text: str, where: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text
        self.where = where


def operation_outcome(refusal: Refusal) -> Json:
    """An OperationOutcome with one error (FHIR R4, section 2.23)."""
    issue: Json = {"severity": "error", "code": refusal.code, "diagnostics": refusal.text}
    if refusal.where:
        issue["expression"] = [refusal.where]
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def answer(status: int, resource: Json, headers: dict[str, str] | None = None) -> web.Response:
    """A FHIR resource as an HTTP response."""
    return web.Response(status=status, body=orjson.dumps(resource), content_type=FHIR_JSON, headers=headers)
