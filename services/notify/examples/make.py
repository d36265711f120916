"""MAKE: the example files, by the channels themselves. The same every time: a test compares them with those kept."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import orjson
from yarl import URL

from schemas.cloudevents import OUR_SOURCE
from services.notify.channel import Channel, Parcel
from services.notify.channels.fhir import FhirSender
from services.notify.channels.fhir_message import FhirMessageSender
from services.notify.channels.notified_pull import NotifiedPullSender
from services.notify.channels.webhook import WebhookSender
from services.notify.channels.webhook_keys import Ed25519, Keys, key_of
from services.notify.examples.case import AT, DESTINATION, FHIR, INBOX, MESSAGE, WEBHOOK, letter, partner
from services.notify.examples.recording import Recording, Request
from services.notify.fetchable import Item
from services.notify.fhir.collection import build_collection
from services.notify.fhir.validate import Gate
from services.notify.letter import Letter
from services.notify.outcome import Accepted, Offered

Files = dict[str, bytes]

FOLDER: Final = Path(__file__).parent / "golden"
SEED: Final = b"example only; never use this key"
SECRET: Final = "whsec_" + b64encode(SEED).decode()
PUBLIC: Final = Ed25519(SEED).public
KEYS: Final = Keys(Ed25519(SEED), key_of(SECRET), AT + timedelta(days=7))
"""Signed with both, as while a key is changed: one example shows v1a and v1."""

RECEPTION: Final = "https://seinpaal.example/"
TRACE: Final = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
ACCEPTS: Final = "Accept: application/fhir+json"
NAMES: Final = ("new", "update", "withdrawal")


async def files() -> Files:
    """By name. The bytes of what is signed are those that were signed."""
    made: Files = {}
    for name, url, requests in (
        ("fhir", FHIR.url, await _fhir()),
        ("message", MESSAGE.url, await _message()),
        ("webhook", WEBHOOK.url, await _webhook()),
        ("notification", WEBHOOK.url, await _notification()),
    ):
        made |= _written(name, requests, signed=url == WEBHOOK.url)
    return made | _fetched()


async def _fhir() -> list[tuple[str, Request]]:
    """A later revision takes up to three requests: told, the Patient looked up, and written where it is another."""
    to = partner(FHIR)
    http = Recording(to, URL(str(FHIR.url)), _server)
    requests = await _sent(FhirSender(http, str(FHIR.url), Gate()), http, [letter(to, each) for each in (1, 2, 3)])
    names = ("new", "update", "update-look", "withdrawal", "withdrawal-look", "withdrawal-patient")
    return list(zip(names, requests, strict=True))


async def _message() -> list[tuple[str, Request]]:
    to = partner(MESSAGE)
    http = Recording(to, URL(str(MESSAGE.url)), lambda _: b"")
    sender = FhirMessageSender(http, str(MESSAGE.url), DESTINATION, Gate())
    return list(zip(NAMES, await _sent(sender, http, [letter(to, each) for each in (1, 2, 3)]), strict=True))


async def _webhook() -> list[tuple[str, Request]]:
    to = partner(WEBHOOK)
    http = Recording(to, URL(str(WEBHOOK.url)), lambda _: b"")
    sender = WebhookSender(http, str(WEBHOOK.url), lambda: KEYS, source=OUR_SOURCE)
    return list(zip(NAMES, await _sent(sender, http, [letter(to, each) for each in (1, 2, 3)]), strict=True))


async def _notification() -> list[tuple[str, Request]]:
    to = partner(WEBHOOK)
    http = Recording(to, URL(str(WEBHOOK.url)), lambda _: b"")
    sender = NotifiedPullSender(http, str(WEBHOOK.url), lambda: KEYS, RECEPTION, Gate(), source=OUR_SOURCE)
    return list(zip(NAMES, await _sent(sender, http, [letter(to, 1)]), strict=False))


async def _sent(channel: Channel, http: Recording, letters: list[Letter]) -> list[Request]:
    for each in letters:
        outcome = await channel.send(_parcel(each, channel.pack(each)))
        if not isinstance(outcome, Accepted | Offered):
            raise TypeError(f"an example was not taken: {outcome}")
    await channel.close()
    return http.requests


def _parcel(told: Letter, body: bytes) -> Parcel:
    return Parcel(
        referral=told.referral.id,
        body=body,
        attempt=1,
        creates=told.referral.revision == 1,
        uncertain=False,
        traceparent=TRACE,
        at=told.referral.decided_at,
    )


def _server(request: Request) -> bytes:
    """As a FHIR server answers: it made and changed all, and has the Patient as the first revision told it."""
    if request.url.name == "Patient":
        resource = {**build_collection(letter(partner(FHIR), 1))["entry"][2]["resource"], "meta": {"versionId": "2"}}
        found = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": resource}]}
        return orjson.dumps(found)
    entries = [{"response": {"status": "201"}} for _ in orjson.loads(request.body or b"{}").get("entry", ())]
    return orjson.dumps({"resourceType": "Bundle", "type": "transaction-response", "entry": entries})


def _written(channel: str, requests: list[tuple[str, Request]], *, signed: bool) -> Files:
    """A file for each body, and one that tells the requests, as editors and REST clients read them."""
    made: Files = {}
    told = []
    for name, request in requests:
        text = f"### {channel}, {name}\n{request.head}\n"
        if request.body is not None:
            made[f"{channel}-{name}.json"] = request.body if signed else _pretty(orjson.loads(request.body))
            text += f"\n< ./{channel}-{name}.json\n"
        told.append(text)
    return made | {f"{channel}.http": "\n".join(told).encode()}


def _fetched() -> Files:
    """What a partner sees that comes for it: the list, and the referral that it opens."""
    to = partner(INBOX)
    first = letter(to, 1).referral
    item = Item(first.id, 1, waits=True, since=AT, deadline=first.deadline, fetched=0)
    who = "Authorization: Bearer the-token-we-agreed-on\nSeinpaal-Person: worker-3\n"
    asked = [
        f"### inbox, what lies there: inbox-list.json\nGET {RECEPTION}inbox\n{who}",
        f"### inbox, one of it: inbox-opened.json\nGET {RECEPTION}inbox/{first.id}\n{who}{ACCEPTS}\n",
    ]
    return {
        "inbox.http": "\n".join(asked).encode(),
        "inbox-list.json": _pretty({"referrals": [item]}),
        "inbox-opened.json": _pretty(build_collection(letter(to, 1))),
    }


def _pretty(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def write(folder: Path, made: Files) -> Iterator[Path]:
    """Each file, as it is written. Raises OSError when the folder cannot be written to."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        path = folder / name
        path.write_bytes(content)
        yield path
