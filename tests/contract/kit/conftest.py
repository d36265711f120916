"""Medplum's router for the partner check, and the secrets of those that are tried."""

from base64 import b64encode
from collections.abc import Iterator

import pytest

from services.notify.channels.webhook_keys import Ed25519
from tests import node
from tests.contract.fhir.conftest import MEDPLUM

SECRET = "whsec_" + b64encode(b"synthetisch geheim, 32 bytes ...").decode()
PUBLIC = Ed25519(bytes(range(32))).public
TOKEN = "synthetisch-token"  # noqa: S105  nobody's
ACCESS = "synthetisch-token-waarmee-zij-bij-ons-komen"
"""Theirs, with which they come to us."""


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the entries say that they are."""
    monkeypatch.setenv("KIT_SECRET", SECRET)
    monkeypatch.setenv("KIT_PRIVATE", "whsk_" + b64encode(bytes(range(32))).decode())
    monkeypatch.setenv("KIT_TOKEN", f"Bearer {TOKEN}")
    monkeypatch.setenv("KIT_ACCESS", ACCESS)


@pytest.fixture(scope="session")
def medplum() -> Iterator[str]:
    """The base URL of a Medplum router with a repository in memory."""
    with node.running(MEDPLUM, "receiver.mjs") as url:
        yield url
