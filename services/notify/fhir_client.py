"""FHIR CLIENT: what we ask a partner's FHIR server beside what we send it, through the door that referrals take."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from yarl import URL

from schemas.partner import FhirChannel, Partner
from services.notify.channel import JSON
from services.notify.doors import Doors
from services.notify.fhir.codes import THREAD
from services.notify.http import PartnerHttp
from services.notify.polling import asked_of
from services.notify.reply import Reply

ELEMENTS: Final = "identifier,status,statusReason,businessStatus,lastModified"
"""All that we read of a Task: the rest need not travel."""

FRESH: Final = {"Accept": JSON, "Cache-Control": "no-cache"}
"""A remembered answer would be a lie."""


class FhirClient:
    """One FHIR R4 server."""

    def __init__(self, http: PartnerHttp, base: str) -> None:
        self._http = http
        self._base = URL(base)

    async def search(
        self, threads: Sequence[UUID], request: UUID, *, since: datetime | None = None, plain: bool = False
    ) -> Reply:
        """The Tasks of these referrals; `since` leaves out what did not change from then on, by the server's clock.

        A `plain` question is one that every server understands which takes our conditional creates.
        """
        query = {"identifier": ",".join(f"{THREAD}|{thread}" for thread in threads)}
        if not plain:
            query |= {"_elements": ELEMENTS, "_count": str(2 * len(threads))}
            query |= {"_lastUpdated": f"ge{since.isoformat(timespec='milliseconds')}"} if since is not None else {}
        return await self._http.exchange("GET", (self._base / "Task").with_query(query), _headers(request))

    async def read(self, task: str, request: UUID) -> Reply:
        """One Task by its id there."""
        return await self._http.exchange("GET", self._base / "Task" / task, _headers(request))

    async def look(self, type_: str, id_: str, request: UUID) -> Reply:
        """A resource by its id there, beside what the turn foresaw."""
        self._http.unplanned += 1
        return await self._http.exchange("GET", self._base / type_ / id_, _headers(request))

    async def write(self, resource: Mapping[str, Any], request: UUID) -> Reply:
        """A resource: under its id when it has one, else under one that the server gives."""
        url = self._base / str(resource["resourceType"])
        given = resource.get("id")
        headers = {**_headers(request), "Content-Type": JSON, "Prefer": "return=representation"}
        method, url = ("PUT", url / str(given)) if given else ("POST", url)
        return await self._http.exchange(method, url, headers, orjson.dumps(resource))


FhirClients = Mapping[str, FhirClient]
"""By partner."""


def fhir_clients(partners: Iterable[Partner], doors: Doors) -> FhirClients:
    """Of every partner that is asked; each has a FHIR server, or its entry would have been refused."""
    return {
        partner.id: FhirClient(doors[partner.id], str(partner.channel.url))
        for partner in partners
        if asked_of(partner) is not None and isinstance(partner.channel, FhirChannel)
    }


def _headers(request: UUID) -> dict[str, str]:
    return {**FRESH, "X-Request-Id": str(request)}
