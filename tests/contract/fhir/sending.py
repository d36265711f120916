"""Sends letters through the FHIR channel, and looks at what a receiver holds."""

from typing import Any
from uuid import UUID

from aiohttp import ClientSession

from services.notify.channel import Parcel
from services.notify.channels.fhir import FhirSender
from services.notify.letter import Letter
from services.notify.outcome import Outcome

Json = dict[str, Any]


async def sent(sender: FhirSender, letter: Letter, *, uncertain: bool = False) -> Outcome:
    """One attempt."""
    referral = letter.referral
    body = sender.pack(letter)
    parcel = Parcel(
        referral=referral.id,
        body=body,
        attempt=1,
        creates=referral.revision == 1,
        uncertain=uncertain,
        traceparent=None,
        at=referral.decided_at,
    )
    return await sender.send(parcel)


async def found(client: ClientSession, url: str, type_: str, system: str, value: UUID | str) -> list[Json]:
    """What the receiver has under an identifier."""
    async with client.get(f"{url}/{type_}", params={"identifier": f"{system}|{value}"}) as response:
        assert response.status == 200
        return [entry["resource"] for entry in (await response.json()).get("entry", [])]
