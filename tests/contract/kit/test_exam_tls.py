"""`partner check` over TLS, of partners that are no FHIR server: who shows the wrong certificate is sent nothing."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Final

import pytest

from schemas.partner import Tls
from services.notify.kit.report import Check
from services.sandbox.partners.certificates import Certificates
from services.sandbox.partners.listener import Address
from tests.contract.kit.test_exam import checked, faults, held_to, webhook
from tests.contract.kit.test_exam_reached import message, pull

MADE: Final[dict[str, Callable[..., AbstractAsyncContextManager[tuple[Any, ...]]]]] = {
    "webhook": webhook,
    "fhir-message": message,
    "notified-pull": pull,
}
FAULTS: Final = {"wrong-certificate": "certificate-untrusted", "changed-key": "wrong-pin"}


@pytest.mark.parametrize("channel", MADE)
async def test_a_partner_with_the_wrong_certificate_is_told_so_and_sent_nothing(channel: str, tmp_path: Path) -> None:
    """With its own one it is ready; with a stranger's or another key no byte of a referral leaves."""
    certificates = Certificates(tmp_path)
    async with MADE[channel](address=Address(tls=certificates)) as (partner, plain, *terms):
        pinned = Tls(authorities=f"file:{certificates.authority}", pins=(certificates.pin,))
        entry = plain.model_copy(update={"tls": pinned})
        assert faults(await checked(entry, *terms)) == {}
        before = len(partner.receipts.requests)
        for mischief, reason in FAULTS.items():
            partner.misbehaviour.play([mischief])
            held_to(await checked(entry, *terms), Check.TLS, reason)
        assert len(partner.receipts.requests) == before
