"""What a FHIR server makes of a request before it looks at what it asks, and of whatever goes wrong with it."""

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from services.sandbox.partners.outcome import FHIR_JSON, Json, Refusal, answer, operation_outcome

ACCEPTED = (FHIR_JSON, "application/json")


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal, and aiohttp's own, as an OperationOutcome."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return answer(refusal.status, operation_outcome(refusal))
    except web.HTTPException as http:
        return answer(http.status, operation_outcome(Refusal(http.status, "not-supported", http.reason)))


async def body_of(request: web.Request) -> Json:
    """The resource in it. Raises Refusal (400, 415)."""
    if request.content_type not in ACCEPTED:
        raise Refusal(415, "not-supported", "The body must be application/fhir+json.")
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError as error:
        raise Refusal(400, "structure", "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise Refusal(400, "structure", "The body must be a resource.")
    return body
