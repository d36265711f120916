"""Four care partners: one that behaves, one behind a webhook, one that is slow, one that fails half of the time.

Beside them their test addresses, where `seinpaal partner check` tries them: two that behave, and that of the one that
fails, which fails as much.
"""

import secrets
from base64 import b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from schemas.partner import Partner
from schemas.words import filled
from services.runtime.errors import TryLater
from services.runtime.service import Health
from services.sandbox import refusal_words as refused
from services.sandbox.partners.fhir import FhirPartner
from services.sandbox.partners.listener import Address
from services.sandbox.partners.misbehaviour import Misbehave
from services.sandbox.partners.receipts import Receipts
from services.sandbox.partners.staff import Staff
from services.sandbox.partners.staffing import staff_of
from services.sandbox.partners.webhook import WebhookPartner
from services.sandbox.ports import another, free
from services.sandbox.state import State
from services.sandbox.whole_file import write_whole

PLACEHOLDERS: Final = {
    "fhir": "http://127.0.0.1:8401",
    "webhook": "http://127.0.0.1:8402/hook",
    "slow": "http://127.0.0.1:8403",
    "failing": "http://127.0.0.1:8404",
    "fhir-trial": "http://127.0.0.1:8405",
    "webhook-trial": "http://127.0.0.1:8406/hook",
    "failing-trial": "http://127.0.0.1:8407",
}
"""Addresses in the shipped `partners.yaml` that stand for the partners in this process."""

RECEIPTS: Final = "http://127.0.0.1:8406/held"
"""Where a webhook partner on trial says what it holds."""

SECRETS: Final = ("env:KADERA_VOORBEELD_SECRET", "env:IDVA_EXAMPLE_SECRET")
"""Webhook secrets in the shipped `partners.yaml` that the sandbox makes itself."""

SLOW_SECONDS: Final = 1.5
FAILING_SHARE: Final = 0.5
SECRET_BYTES: Final = 32


class Quartet:
    """A service: four partners and their test addresses, on ports they keep, and what each received."""

    name = "sandbox partners"

    def __init__(self, state: State, seed: int = 0, *, slow_seconds: float = SLOW_SECONDS) -> None:
        secret = webhook_secret(state.webhook_secret)
        ports = dict(zip(PLACEHOLDERS, lasting_ports(state.folder / "partner-ports", len(PLACEHOLDERS)), strict=True))
        folder = state.partners
        self._addresses = {host: Address(port=port) for host, port in ports.items()}
        failing = Misbehave(rate=FAILING_SHARE, seed=seed)
        self._partners: list[FhirPartner | WebhookPartner] = [
            WebhookPartner("webhook", [secret], folder=folder, address=self._addresses["webhook"]),
            FhirPartner("fhir", folder=folder, address=self._addresses["fhir"]),
            FhirPartner("slow", folder=folder, address=self._addresses["slow"], policy=Misbehave(slow=slow_seconds)),
            FhirPartner("failing", folder=folder, address=self._addresses["failing"], policy=failing),
        ]
        self._on_trial: list[FhirPartner | WebhookPartner] = [
            FhirPartner("fhir-trial", address=self._addresses["fhir-trial"], accepts=True),
            WebhookPartner("webhook-trial", [secret], address=self._addresses["webhook-trial"], accepts=True),
            FhirPartner("failing-trial", address=self._addresses["failing-trial"], policy=failing),
        ]
        self._staff: list[Staff] = []
        self._secret_file = state.webhook_secret
        self._urls = {
            host: f"http://{address.host}:{address.port}{'/hook' if host.startswith('webhook') else ''}"
            for host, address in self._addresses.items()
        }
        self._running = False

    @property
    def replacements(self) -> dict[str, str]:
        """What stands in the shipped configuration -> what holds here."""
        secret = f"file:{self._secret_file.absolute()}"
        urls = {PLACEHOLDERS[host]: url for host, url in self._urls.items()}
        urls[RECEIPTS] = self._urls["webhook-trial"].replace("/hook", "/held")
        return urls | dict.fromkeys(SECRETS, secret)

    def owns(self, url: str) -> bool:
        """Whether a partner of this process is behind it: then no stranger's server is reached."""
        return url.rstrip("/") in {each.rstrip("/") for each in self._urls.values()}

    @property
    def receipts(self) -> dict[str, Receipts]:
        """What each partner received, at its real address."""
        return {partner.name: partner.receipts for partner in self._partners}

    def serving(self, url: str) -> str:
        """Which server is behind an address; none of this process's, when it is empty."""
        return next((host for host, each in self._urls.items() if each.rstrip("/") == url.rstrip("/")), "")

    def servers(self, partners: Iterable[Partner]) -> dict[str, str]:
        """Which server is behind each partner; those of this process alone."""
        places = {partner.id: self.serving(str(getattr(partner.channel, "url", ""))) for partner in partners}
        return {partner: server for partner, server in places.items() if server}

    def staffed(self, reception: str, tokens: Mapping[str, Mapping[str, str]]) -> None:
        """People there deal with what comes, and tell us at `reception`; `tokens` are by server and kind of help."""
        for partner in self._partners:
            if partner.name in tokens:
                self._staff.append(staff_of(partner, reception, tokens[partner.name]))

    async def start(self) -> None:
        """All of them. Raises TryLater when another program took a port meanwhile: the next start finds another."""
        for partner in (*self._partners, *self._on_trial):
            try:
                await partner.start()
            except OSError as error:
                raise TryLater(filled(refused.PARTNER_PORT, partner.name, type(error).__name__)) from None
        self._running = True

    async def stop(self) -> None:
        """All of them; safe to call twice."""
        self._running = False
        for staff in self._staff:
            await staff.stop()
        for partner in (*self._partners, *self._on_trial):
            await partner.stop()

    def healthy(self) -> Health:
        """They misbehave on purpose, so running is healthy."""
        return Health(alive=True, ready=self._running)


def webhook_secret(path: Path) -> str:
    """The secret the webhook partner shares with us, made once, readable by its owner only."""
    if not path.exists():
        write_whole(path, "whsec_" + b64encode(secrets.token_bytes(SECRET_BYTES)).decode())
    return path.read_text().strip()


def lasting_ports(path: Path, count: int) -> list[int]:
    """The ports of the last run where they are free, else others; kept, so that retries find their partner again."""
    kept = [int(text) for text in path.read_text().split()] if path.exists() else []
    ports: list[int] = []
    for port in [*kept, *[0] * count][:count]:
        ports.append(port if port and port not in ports and free(port) else another(ports))
    write_whole(path, " ".join(map(str, ports)))
    return ports
