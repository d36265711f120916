"""A folder with configuration, keys and databases for one run of the stages, and the traffic that goes through it."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import orjson
import yaml

from schemas.record import Output
from services.keyring.service import open_keyring
from services.keyring.settings import KeyringSettings
from services.keyring.wrap import KeyEncryptionKeys
from services.notify.directory import read_directory
from services.runtime.settings import KafkaSettings
from services.sandbox.configuration import SHIPPED
from services.sandbox.corporations.incident import incident
from services.sandbox.corporations.vera import adres, signalering
from services.sandbox.quartet import webhook_secret
from tests.proven import proven

SOURCE: Final = "source.voorbeeld"
"""The tenant system's topic."""

PARTNER: Final = "veilig-thuis-voorbeeld"
NARRATIVE: Final = "Verzonnen: buren horen 's avonds geschreeuw en gebonk, een kind huilt. " * 4
CORPORATION: Final[dict[str, Any]] = {
    "id": "voorbeeld",
    "name": "Woonstichting Voorbeeld",
    "country": "NL",
    "identifier": {"system": "http://www.kvk.nl/", "value": "00000001"},
    "sources": [
        {
            "name": "voorbeeld-signaleringen",
            "topic": SOURCE,
            "adapter": "vera-signalering",
            "source": "urn:nld:kvknr:00000001:systeem:tenantsysteem",
            "defaults": {"area": "GM0193"},
            "codes": {
                "OVE": {"kind": "noise.violence", "urgency": "urgent"},
                "AGR": {"kind": "threat", "urgency": "urgent"},
                "ONB": {"kind": "fear.observed"},
            },
        }
    ],
}
ONE_RULE: Final[dict[str, Any]] = {
    "id": "alles",
    "owner": "aandachtsfunctionaris",
    "reason": "Elk signaal gaat naar een partner.",
    "legal_basis": "wmo-2015-5.2.6",
    "country": "NL",
    "when": "by_a_person && about_violence",
    "to": ["veilig-thuis"],
    "effect": "refer",
    "deadline": "24h",
    "tests": [
        {"given": {"kind": "threat"}, "expect": "fires"},
        {"given": {"kind": "nuisance"}, "expect": "does-not-fire"},
    ],
}


@dataclass(slots=True)
class House:
    """What one set of stages shares."""

    folder: Path
    kafka: KafkaSettings
    parking: str = field(default="", init=False)

    async def furnish(self, *channels: dict[str, Any], concurrency: int = 64) -> "House":
        """Write configuration and keys. With `channels`, every signal is one referral for one partner behind them.

        Each partner has municipalities of its own: the first ones are in `areas`. `concurrency` is of each.
        """
        shutil.copytree(SHIPPED, self.config)
        self._write("sources.yaml", {"corporations": [CORPORATION]})
        if channels:
            for shipped in (self.config / "rules").iterdir():
                shipped.unlink()
            self._write("rules/nl.yaml", {"rules": [ONE_RULE]})
            partners = [self._partner(place, channels, concurrency) for place in range(len(channels))]
            self._write("partners.yaml", {"partners": partners})
        await self.prove(self.database("notify"))
        KeyEncryptionKeys.make(self.keys.kek_file, "kek-bench")
        keyring, database = await open_keyring(self.keys, first=True)
        try:
            self.parking = str(await keyring.parking_key())
        finally:
            await database.stop()
        return self

    @property
    def config(self) -> Path:
        """The folder the stages read."""
        return self.folder / "config"

    @property
    def keys(self) -> KeyringSettings:
        """A keyring of its own."""
        return KeyringSettings(database_url=self.database("keyring"), kek_file=self.folder / "kek")

    @property
    def webhook_secret(self) -> Path:
        """What a webhook partner and notify share."""
        return self.folder / "webhook.secret"

    def database(self, stage: str) -> str:
        """A SQLite file of one stage."""
        return f"sqlite:///{self.folder}/{stage}.db"

    @property
    def environment(self) -> dict[str, str]:
        """The settings of `seinpaal run`."""
        stages = ("INGEST", "ROUTER", "NOTIFY")
        databases = ("ROUTER", "NOTIFY", "AUDIT", "KEYRING")
        return {
            "KAFKA_BOOTSTRAP": self.kafka.bootstrap,
            **{f"{stage}_CONFIG": str(self.config) for stage in stages},
            **{f"{stage}_DATABASE_URL": self.database(stage.lower()) for stage in databases},
            "KEYRING_KEK_FILE": str(self.keys.kek_file),
            "ROUTER_PARKING_KEY": self.parking,
            "AUDIT_PARKING_KEY": self.parking,
        }

    def _write(self, name: str, content: dict[str, Any]) -> None:
        (self.config / name).write_text(yaml.safe_dump(content, sort_keys=False))

    async def prove(self, ledger: str) -> None:
        """Real referrals may go to its partners, from that ledger."""
        await proven(ledger, read_directory(self.config).partners.values())

    @property
    def areas(self) -> list[tuple[str, str]]:
        """Municipalities by name and code; of ten partners, the first ten are of one each."""
        areas = yaml.safe_load((self.config / "areas" / "nl.yaml").read_text())["areas"]
        return [(area["name"], area["code"]) for area in areas]

    def _partner(self, place: int, channels: Sequence[dict[str, Any]], concurrency: int) -> dict[str, Any]:
        channel = channels[place]
        if channel["type"] == "webhook":
            webhook_secret(self.webhook_secret)
            channel = channel | {"secret": f"file:{self.webhook_secret}"}
        return {
            "id": partner_name(place),
            "name": f"Veilig Thuis Voorbeeld {place}",
            "country": "NL",
            "identifier": {"system": "urn:nld:oin", "value": f"{place + 1:020}"},
            "serves": [{"kind": "veilig-thuis", "areas": [code for _, code in self.areas[place :: len(channels)]]}],
            "channel": channel,
            "allow_networks": ["127.0.0.0/8"],
            "concurrency": concurrency,
        }


def partner_name(place: int) -> str:
    """Of the first, the second and so on."""
    return f"{PARTNER}-{place}" if place else PARTNER


def traffic(first: int, count: int, topic: str = SOURCE, areas: Sequence[tuple[str, str]] = ()) -> Iterator[Output]:
    """VERA Signaleringen of about 1 KB, each of another incident; the same numbers give the same bytes.

    In `areas` in turn, where some are given.
    """
    for number in range(first, first + count):
        random = Random(number)  # noqa: S311  made-up data that must come out the same again
        found = incident(number, random, datetime(2026, 3, 2, 9, tzinfo=UTC), dutch=True)
        payload = signalering(found)
        if areas:
            town, code = areas[number % len(areas)]
            payload["adres"] = adres(found) | {"gemeente": {"naam": town, "code": code}}
        payload["gewijzigdOp"] = (datetime(2026, 3, 2, 10, tzinfo=UTC) + timedelta(seconds=number % 3600)).isoformat()
        payload["extra-attributen"] = [{"naam": "toelichting", "waarde": NARRATIVE}]
        yield Output(topic, str(number).encode(), orjson.dumps(payload))


def reference(number: int) -> str:
    """How the tenant system itself names that incident."""
    return f"SIG-{number}"
