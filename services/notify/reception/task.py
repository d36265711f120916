"""TASK: partners read how we think a referral stands, and tell us how it does: GET, PUT and PATCH of our Task."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Path, Query, Request
from starlette.responses import Response

from schemas.partner import Partner
from services.notify.fhir.codes import REVISION, THREAD
from services.notify.fhir_answers import revision_named
from services.notify.progress import Report
from services.notify.reception.caller import Caller
from services.notify.reception.capability import STATEMENT
from services.notify.reception.patch import JSON_PATCH, MERGE_PATCH, patched
from services.notify.reception.refusal import FHIR_JSON, NOT_FOUND, Refusal, TurnedAway, fhir
from services.notify.reception.task_view import etag, searchset, view
from services.notify.report_intake import Absent, Declined, Follows, Nothing, Stale, Taken, Told
from services.notify.report_subject import NOT_FETCHED, NOT_GOING, NOT_SENT
from services.notify.task_report import Unread, codes_of, report_of, revisions_of
from services.notify.thread import Thread

FHIR: Final = frozenset({FHIR_JSON, "application/json"})
PATCHES: Final = FHIR | {JSON_PATCH, MERGE_PATCH}

_ETAG: Final = re.compile(r'(?:W/)?"(\d{1,9})"')
_ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"description": "It cannot be read; the OperationOutcome says where"},
    401: {"description": "No valid token"},
    404: {"description": "Nothing of that name for you"},
    409: {"description": "It contradicts what was told before, and a person was told so; or it was not fetched yet"},
    412: {"description": "It changed since the version in If-Match"},
    413: {"description": "Longer than 64 KiB"},
    415: {"description": "Another content type"},
    422: {"description": "A status that a receiver does not give"},
    429: {"description": "Too often; Retry-After says when"},
    503: {"description": "It was not sent to you yet, or we cannot look; Retry-After says when to tell us again"},
}
_OK: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The Task as it stands now", "content": {FHIR_JSON: {}}}
}

_LATER: Final = {"Retry-After": "60"}
_ABSENT: Final = {
    NOT_SENT: Refusal(503, "transient", "It was not sent to you yet. Tell us again later.", headers=_LATER),
    NOT_FETCHED: Refusal(409, "conflict", "You have not fetched it. Fetch it, and tell us then."),
    NOT_GOING: Refusal(409, "conflict", "It is not sent to you any more. Telephone if you have it: a person was told."),
}
"""Of what is the caller's own, and cannot be there as far as we know."""

Id = Annotated[UUID, Path(description="The value of the identifier urn:seinpaal:referral, or of a revision")]
Identifier = Annotated[
    str, Query(pattern=rf"^({THREAD}|{REVISION})\|[0-9a-fA-F-]{{36}}$", description=f"{THREAD}|…, or a revision's")
]
IfMatch = Annotated[str | None, Header(description='The version it was written on, as W/"3"')]


def task_router(following: Follows) -> APIRouter:
    """Under `/fhir`."""
    routes = APIRouter(prefix="/fhir", tags=["Task"], responses={**_OK, **_ERRORS})
    _reading(routes, following)
    _putting(routes, following)
    _patching(routes, following)
    return routes


def _reading(routes: APIRouter, following: Follows) -> None:
    @routes.get("/metadata", summary="What can be done here, as FHIR has it")
    async def metadata(caller: Caller) -> Response:
        """A CapabilityStatement, the same for every partner."""
        del caller
        return fhir(STATEMENT)

    @routes.get("/Task/{id}", summary="Read a Task")
    async def read(id: Id, caller: Caller) -> Response:  # noqa: A002  its name in FHIR
        """Status and codes, no content."""
        return _shown(await following.find(caller.id, id))

    @routes.get("/Task", summary="Find a Task by identifier")
    async def search(caller: Caller, identifier: Identifier) -> Response:
        """A searchset with that Task, or with nothing."""
        return _found(await following.find(caller.id, _named(identifier)))


def _putting(routes: APIRouter, following: Follows) -> None:
    @routes.put("/Task/{id}", summary="Tell how it goes", openapi_extra=_body(FHIR))
    async def put(id: Id, caller: Caller, request: Request, if_match: IfMatch = None) -> Response:  # noqa: A002  same
        """A whole Task: status, statusReason and businessStatus are read, their codes kept. The same twice is once.

        With our identifier of an older revision in it, it speaks of that one: it is late, and changes nothing.
        """
        task = _of_address(_object(await _json(request, FHIR)), id)
        report = _named_in(task, _report(task, caller))
        return await _take(following, caller, id, report, if_match, names=revisions_of(task))

    @routes.put("/Task", summary="Tell how it goes, by identifier", openapi_extra=_body(FHIR))
    async def put_by_identifier(
        caller: Caller, request: Request, identifier: Identifier, if_match: IfMatch = None
    ) -> Response:
        """As a conditional update (FHIR R4, section 3.1.0.4.3): `Task?identifier=urn:seinpaal:referral|…`."""
        task = _object(await _json(request, FHIR))
        report = _named_in(task, _report(task, caller))
        return await _take(following, caller, _named(identifier), report, if_match, names=revisions_of(task))


def _patching(routes: APIRouter, following: Follows) -> None:
    @routes.patch("/Task/{id}", summary="Change its status", openapi_extra=_body(PATCHES))
    async def patch(id: Id, caller: Caller, request: Request, if_match: IfMatch = None) -> Response:  # noqa: A002  same
        """JSON Patch, JSON Merge Patch or FHIRPath Patch of status, statusReason and businessStatus."""
        changes, media = await _json(request, PATCHES), _media(request)
        return await _take(following, caller, id, lambda thread: _patched(thread, changes, media, caller), if_match)

    @routes.patch("/Task", summary="Change its status, by identifier", openapi_extra=_body(PATCHES))
    async def patch_by_identifier(
        caller: Caller, request: Request, identifier: Identifier, if_match: IfMatch = None
    ) -> Response:
        """As a conditional patch (FHIR R4, section 3.1.0.7.3)."""
        return await patch(_named(identifier), caller, request, if_match)


def _found(found: Thread | Absent | None) -> Response:
    """What is not the caller's is not among what it finds; what it has not got yet is no empty answer."""
    match found:
        case Thread():
            return fhir(searchset([view(found)]))
        case Absent(reason=reason):
            raise TurnedAway(_ABSENT[reason])
        case None:
            return fhir(searchset([]))


def _shown(found: Thread | Absent | None) -> Response:
    match found:
        case Thread():
            return _told(found)
        case Absent(reason=reason):
            raise TurnedAway(_ABSENT[reason])
        case None:
            raise TurnedAway(NOT_FOUND)


def _of_address(task: dict[str, Any], id: UUID) -> dict[str, Any]:  # noqa: A002  its name in FHIR
    if (given := task.get("id")) is not None and given != str(id):
        raise TurnedAway(Refusal(400, "invalid", "The id of the Task is not that of its address.", "Task.id"))
    return task


def _named(identifier: str) -> UUID:
    try:
        return UUID(identifier.rpartition("|")[2])
    except ValueError:
        raise TurnedAway(NOT_FOUND) from None


def _patched(thread: Thread, changes: object, media: str, caller: Partner) -> Report:
    match patched(view(thread), changes, media):
        case Unread() as unread:
            raise TurnedAway(_unread(unread))
        case task:
            return _report(task, caller)


async def _take(
    following: Follows,
    caller: Partner,
    about: UUID,
    report: Told,
    if_match: str | None,
    *,
    names: Collection[UUID] = (),
) -> Response:
    match await following.take(caller.id, about, report, version=_version(if_match), names=names):
        case Taken(thread=thread):
            return _told(thread)
        case Declined(thread=thread):
            text = f"It is {thread.standing.status} here, and stays so. Telephone if that is wrong: a person was told."
            raise TurnedAway(Refusal(409, "conflict", text, "Task.status"))
        case Stale(thread=thread):
            text = "It has changed since. Read it again."
            raise TurnedAway(Refusal(412, "conflict", text, headers={"ETag": etag(thread)}))
        case Absent(reason=reason):
            raise TurnedAway(_ABSENT[reason])
        case Nothing():
            raise TurnedAway(NOT_FOUND)


def _report(task: Mapping[str, Any], caller: Partner) -> Report:
    match report_of(task, codes_of(caller)):
        case Unread() as unread:
            raise TurnedAway(_unread(unread))
        case report:
            return report


def _named_in(task: Mapping[str, Any], report: Report) -> Told:
    """Of the revision that the Task names, where it names one."""
    return lambda thread: replace(report, revision=revision_named(task, thread))


def _unread(unread: Unread) -> Refusal:
    return Refusal(422 if unread.where == "Task.status" else 400, "invalid", unread.text, unread.where)


def _told(thread: Thread) -> Response:
    return fhir(view(thread), headers={"ETag": etag(thread)})


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise TurnedAway(Refusal(400, "invalid", 'If-Match must be one ETag of ours, as W/"3".', "If-Match"))
    return int(found[1])


def _media(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _json(request: Request, media: frozenset[str]) -> object:
    if _media(request) not in media:
        text = f"The content type must be one of {', '.join(sorted(media))}."
        raise TurnedAway(Refusal(415, "not-supported", text))
    try:
        return orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        raise TurnedAway(Refusal(400, "structure", "The body is not JSON.")) from None


def _object(body: object) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise TurnedAway(Refusal(400, "structure", "The body must be a Task."))
    return body


def _body(media: frozenset[str]) -> dict[str, Any]:
    """Read by hand, so described by hand."""
    content = {
        each: {"schema": {"type": ["object", "array"] if each == JSON_PATCH else "object"}} for each in sorted(media)
    }
    return {"requestBody": {"required": True, "content": content}}
