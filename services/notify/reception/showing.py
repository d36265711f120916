"""SHOWING: what a collector found, as an HTTP answer; and how a request says who and what."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from services.notify.channel import Unsendable
from services.notify.collector import Collector, Gone, Shown, Visit
from services.notify.fetching import Nothing
from services.notify.reception.forms import Form, Forms
from services.notify.reception.refusal import NOT_FOUND, Refusal, TurnedAway
from services.runtime.log import get_logger

log = get_logger(__name__)

NOT_SO: Final = Refusal(406, "not-supported", "Accept application/fhir+json or application/cloudevents+json.", "Accept")
WITHDRAWN: Final = Refusal(410, "deleted", "This referral was taken back. Do nothing more about it.")
ERASED: Final = Refusal(410, "deleted", "This referral was erased. There is nothing left to show.")
NOT_SHOWN: Final = Refusal(500, "exception", "This cannot be shown, by a fault of ours. Telephone us.")


def about(refusal: Refusal, thread: UUID) -> Refusal:
    """With the id that the partner knows the referral by: a withdrawal's own id is new to it."""
    return replace(refusal, headers={"Seinpaal-Referral": str(thread)})


def wanted(request: Request, forms: Forms) -> Form:
    """The form to answer in. Raises TurnedAway (406)."""
    form = forms.wanted(request.headers.get("accept"))
    if form is None:
        raise TurnedAway(NOT_SO)
    return form


def request_id(request: Request) -> UUID | None:
    """The partner's X-Request-Id when it is a UUID: any other text could hold anything, and is passed over."""
    try:
        return UUID(request.headers.get("x-request-id", ""))
    except ValueError:
        return None


async def shown(collector: Collector, visit: Visit, form: Form) -> Response:
    """The content, once it is on the trail that it was shown. Raises TurnedAway."""
    try:
        found = await collector.collect(visit, form.pack)
    except Unsendable as error:
        log.error("notify.not_shown", referral=str(visit.referral), partner=visit.partner, reason=error.reason)  # noqa: TRY400  told by its code
        raise TurnedAway(NOT_SHOWN) from None
    match found:
        case Shown(body=body, request=request):
            return Response(body, 200, {"X-Request-Id": str(request)}, form.media_type)
        case Gone(why="erased", thread=thread):
            raise TurnedAway(about(ERASED, thread))
        case Gone(thread=thread):
            raise TurnedAway(about(WITHDRAWN, thread))
        case Nothing():
            raise TurnedAway(NOT_FOUND)
