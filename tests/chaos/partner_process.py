"""One sandbox partner as a process: NETWORK HOST KIND PORT CONTROL FOLDER SHARE SEED.

What it keeps stands in FOLDER and outlives it. SHARE of its requests fail: 503 before keeping anything, 500 after it,
or the answer is lost. Its CONTROL takes more mischief while it runs.
"""

import asyncio
import sys
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from services.runtime import log
from services.runtime.run import run
from services.runtime.service import Health
from services.sandbox.partners.control import Control
from services.sandbox.partners.fhir import FhirPartner
from services.sandbox.partners.listener import Address
from services.sandbox.partners.message import FhirMessagePartner
from services.sandbox.partners.misbehaviour import Misbehave
from services.sandbox.partners.webhook import WebhookPartner
from tests.chaos.namespaces import enter

SECRET = "whsec_" + b64encode(b"synthetisch geheim, 32 bytes ...").decode()


class Process:
    """The partner, and the control beside it."""

    name = "partner"

    def __init__(self, arguments: Sequence[str]) -> None:
        host, kind, port, control, folder, share, seed = arguments
        policy = Misbehave(rate=float(share), seed=int(seed))
        place = Path(folder)
        given: dict[str, Any] = {"folder": place.parent, "address": Address(host, int(port)), "policy": policy}
        self._partner: FhirPartner | FhirMessagePartner | WebhookPartner
        match kind:
            case "webhook":
                self._partner = WebhookPartner(place.name, [SECRET], **given)
            case "fhir-message":
                self._partner = FhirMessagePartner(place.name, **given)
            case _:
                self._partner = FhirPartner(place.name, **given)
        self._control = Control(self._partner.misbehaviour, int(control))

    async def start(self) -> None:
        """Both."""
        await self._control.start()
        await self._partner.start()

    async def stop(self) -> None:
        """Both."""
        await self._partner.stop()
        await self._control.stop()

    def healthy(self) -> Health:
        """It misbehaves on purpose, so running is healthy."""
        return Health(alive=True, ready=True)


def main(arguments: Sequence[str]) -> None:
    """Until a signal. NETWORK is the path of the one it lives in, or nothing for our own."""
    network, *rest = arguments
    if network:
        enter(network)
    log.configure(stream=sys.stderr)
    asyncio.run(run([Process(rest)]))
