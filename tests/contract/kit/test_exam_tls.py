"""`partner check` over TLS, of partners that are no FHIR server: who shows the wrong certificate is sent nothing."""

from asyncio import start_server
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from ssl import TLSVersion
from typing import Any, Final

import pytest

from schemas.partner import Tls
from services.notify.kit.judge import failed
from services.notify.kit.our_certificate import rightly
from services.notify.kit.report import Check
from services.notify.secrets import Secrets
from services.runtime.clock import now
from services.sandbox.partners.certificates import Certificates
from services.sandbox.partners.listener import Address
from tests.contract.kit.test_exam import checked, faults, held_to, on_trial, webhook
from tests.contract.kit.test_exam_reached import message, pull
from tests.contract.notify.authority import DAY, Authority, Credential
from tests.contract.notify.listening import listening
from tests.unit.notify import samples

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


def shown(ours: Credential | None, authority: Authority, folder: Path) -> Tls:
    """How we are known by that certificate, or by none."""
    (folder / "authorities").write_text(authority.pem)
    there = Tls(authorities=f"file:{folder / 'authorities'}")
    if ours is None:
        return there
    certificate, key = ours.written(folder, "ours")
    return there.model_copy(update={"certificate": f"file:{certificate}", "key": f"file:{key}"})


@pytest.mark.parametrize(
    ("since", "lasts", "reason"),
    [
        (-3 * DAY, 2 * DAY, "client-certificate-not-valid"),
        (DAY, 2 * DAY, "client-certificate-not-valid"),
        (-DAY, 2 * DAY, "client-certificate-refused"),
        (None, DAY, "client-certificate-missing"),
    ],
    ids=["ended", "not yet", "of a stranger", "none"],
)
async def test_whose_fault_it_is_that_we_are_not_known_is_told(
    since: timedelta | None, lasts: timedelta, reason: str, tmp_path: Path
) -> None:
    """Who is told to trust our authority looks in vain where our certificate has ended, or none was agreed."""
    authority, stranger = Authority(), Authority("Ander gezag")
    by = stranger if reason == "client-certificate-refused" else authority
    ours = None if since is None else by.issue("ons.example", since=since, lasts=lasts)
    server = authority.issue("127.0.0.1").server(tmp_path, clients=authority)
    server.maximum_version = TLSVersion.TLSv1_3 if since is None else TLSVersion.TLSv1_2
    with listening(server) as heard:
        entry = on_trial(samples.partner(url=str(heard.url), tls=shown(ours, authority, tmp_path)))
        held_to(await checked(entry), Check.TLS, reason)


async def test_a_certificate_of_ours_that_has_ended_is_told_of_whatever_is_answered(tmp_path: Path) -> None:
    """A proxy that looks at it answers 400 to every request, and says no more."""
    authority = Authority()
    ours = authority.issue("ons.example", since=-3 * DAY, lasts=2 * DAY)
    answer = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
    with listening(authority.issue("127.0.0.1").server(tmp_path), answer=answer) as heard:
        report = await checked(on_trial(samples.partner(url=str(heard.url), tls=shown(ours, authority, tmp_path))))
    held_to(report, Check.TLS, "client-certificate-not-valid")
    assert faults(report)[Check.ARRIVES] == "refused"


async def test_a_refusal_of_our_certificate_that_is_lost_on_its_way_is_told_to_be_likely(tmp_path: Path) -> None:
    """Under TLS 1.3 the word comes after ours have gone: a crash is looked for in vain where there was none."""
    authority, stranger = Authority(), Authority("Ander gezag")
    tls = authority.issue("127.0.0.1").server(tmp_path, clients=authority)
    tls.minimum_version = TLSVersion.TLSv1_3
    theirs = shown(stranger.issue("ons.example"), authority, tmp_path)
    async with await start_server(lambda *_: None, "127.0.0.1", 0, ssl=tls) as server:  # which closes without a word
        port = server.sockets[0].getsockname()[1]
        report = await checked(on_trial(samples.partner(url=f"https://127.0.0.1:{port}/", tls=theirs)))
    held_to(report, Check.ARRIVES, "client-certificate-unanswered")


@pytest.mark.parametrize(("answered", "reason"), [(True, "disconnected"), (False, "client-certificate-unanswered")])
def test_who_answers_once_knows_our_certificate(answered: bool, reason: str, tmp_path: Path) -> None:  # noqa: FBT001  a case
    """What is closed later has another cause, and so has it where no certificate was agreed."""
    authority, closed = Authority(), failed(Check.ARRIVES, "disconnected")
    for ours, means in ((authority.issue("ons.example"), reason), (None, "disconnected")):
        entry = samples.partner(tls=shown(ours, authority, tmp_path))
        [finding] = rightly([closed], entry, Secrets(), now(), answered=answered)
        assert finding.reason == means
