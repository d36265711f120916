"""Who they must be, checked on real TLS servers before they hear a word from us."""

import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.partner import StaticHeaders, Tls
from services.notify import classify
from services.notify.http import Limits, PartnerHttp
from services.notify.outcome import Refused as ForAPerson
from services.notify.outcome import TryLater
from services.notify.reply import Answer, NotSent, Reply
from services.notify.secrets import Secrets
from tests.contract.notify.authority import DAY, Authority, Credential, new_key
from tests.contract.notify.listening import Heard, listening
from tests.unit.notify import samples

LIMITS = Limits(connect=5.0, total=10.0)
KEY = StaticHeaders(type="headers", headers={"X-Api-Key": "env:KEY"})
SECRETS = Secrets(None, {"KEY": "sleutel-1"})


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Whom the partner's entry trusts."""
    return Authority()


@pytest.fixture
def entry(authority: Authority, tmp_path: Path) -> Tls:
    """The authority alone, no pins."""
    (tmp_path / "authorities.pem").write_text(authority.pem)
    return Tls(authorities=f"file:{tmp_path}/authorities.pem")


def door(heard: Heard, tls: Tls, **given: Any) -> PartnerHttp:
    """To that server, with a key that it must not see before it is known."""
    partner = samples.partner(url=str(heard.url), tls=tls, authentication=KEY, **given)
    return PartnerHttp(partner, heard.url, LIMITS, SECRETS)


async def exchanged(heard: Heard, tls: Tls) -> Reply:
    """One POST."""
    http = door(heard, tls)
    try:
        return await http.exchange("POST", heard.url, {}, b"{}")
    finally:
        await http.close()


async def refused(credential: Credential, tls: Tls, folder: Path) -> str:
    """Why nothing was sent to a server with that certificate; it heard not one byte."""
    with listening(credential.server(folder)) as heard:
        reply = await exchanged(heard, tls)
    assert b"".join(heard.said) == b""
    assert isinstance(reply, NotSent)
    return reply.reason


async def test_whom_the_entrys_authority_vouches_for_is_talked_to(
    authority: Authority, entry: Tls, tmp_path: Path
) -> None:
    """Without a pin it is enough; with one of several pins too."""
    server = authority.issue("127.0.0.1")
    both = entry.model_copy(update={"pins": (authority.issue("127.0.0.1").pin, server.pin)})
    with listening(server.server(tmp_path)) as heard:
        assert await exchanged(heard, entry) == Answer(201)
        assert await exchanged(heard, both) == Answer(201)
    assert all(b"sleutel-1" in said for said in heard.said)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_key_that_is_not_pinned_hears_nothing(
    version: ssl.TLSVersion, authority: Authority, entry: Tls, tmp_path: Path
) -> None:
    """The same host, the same authority, another key: no header, no body, and a person must look."""
    server, agreed = authority.issue("127.0.0.1"), authority.issue("127.0.0.1")
    context = server.server(tmp_path)
    context.maximum_version = version
    with listening(context) as heard:
        reply = await exchanged(heard, entry.model_copy(update={"pins": (agreed.pin,)}))
    assert reply == NotSent("wrong-pin")
    assert b"".join(heard.said) == b""
    assert classify.webhook(reply, samples.AT) == ForAPerson("wrong-pin")


async def test_under_tls_1_3_a_wrong_key_does_not_even_learn_who_we_are(
    authority: Authority, entry: Tls, tmp_path: Path
) -> None:
    """The pin is checked before our own certificate leaves: to them no handshake ever ended."""
    certificate, key = authority.issue("ons.example").written(tmp_path, "ours")
    tls = entry.model_copy(
        update={"certificate": f"file:{certificate}", "key": f"file:{key}", "pins": (authority.issue("x.example").pin,)}
    )
    with listening(authority.issue("127.0.0.1").server(tmp_path, clients=authority)) as heard:
        assert await exchanged(heard, tls) == NotSent("wrong-pin")
    assert heard.shown == []


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ({"names": ("partner.example", "10.0.0.1")}, "wrong-host"),
        ({"since": -3 * DAY, "lasts": DAY}, "certificate-expired"),
        ({"since": DAY}, "certificate-not-yet-valid"),
        ({"self_signed": True}, "certificate-untrusted"),
    ],
)
async def test_a_certificate_that_is_amiss_hears_nothing(
    made: dict[str, Any], reason: str, authority: Authority, entry: Tls, tmp_path: Path
) -> None:
    """Each under a code of its own; its pin being right does not make it right."""
    names = made.pop("names", ("127.0.0.1",))
    credential = authority.issue(*names, **made)
    pinned = entry.model_copy(update={"pins": (credential.pin,)})
    assert await refused(credential, entry, tmp_path) == reason
    assert await refused(credential, pinned, tmp_path) == reason


async def test_another_authority_does_not_count(authority: Authority, entry: Tls, tmp_path: Path) -> None:
    """Neither one that the entry does not name, nor the entry's own when it names none: then it is the machine's."""
    assert await refused(Authority("Ander gezag").issue("127.0.0.1"), entry, tmp_path) == "certificate-untrusted"
    assert await refused(authority.issue("127.0.0.1"), Tls(), tmp_path) == "certificate-untrusted"


async def test_the_entrys_authority_counts_in_place_of_the_machines(
    entry: Tls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whom the whole world trusts may vouch for a partner that named nobody, and for no other."""
    world = Authority("Gezag van de wereld")
    (tmp_path / "world.pem").write_text(world.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "world.pem"))
    server = world.issue("127.0.0.1")
    with listening(server.server(tmp_path)) as heard:
        assert await exchanged(heard, Tls(pins=(server.pin,))) == Answer(201)
    assert await refused(server, entry, tmp_path) == "certificate-untrusted"


def test_what_is_late_is_tried_again_and_who_is_wrong_is_for_a_person() -> None:
    """An expired certificate is still theirs; one of somebody else may be somebody else's server."""
    for reason in ("certificate-expired", "certificate-not-yet-valid", "no-tls", "no-connection", "connect-timed-out"):
        assert classify.webhook(NotSent(reason), samples.AT) == TryLater(reason)
    for reason in ("wrong-pin", "wrong-host", "certificate-untrusted", "certificate-invalid", "tls-too-old"):
        assert classify.webhook(NotSent(reason), samples.AT) == ForAPerson(reason)
        assert classify.webhook(NotSent(f"token-{reason}"), samples.AT) == ForAPerson(f"token-{reason}")


async def test_tls_older_than_1_2_is_refused(authority: Authority, entry: Tls, tmp_path: Path) -> None:
    """Also where both sides could."""
    context = authority.issue("127.0.0.1").server(tmp_path)
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with listening(context) as heard:
        assert await exchanged(heard, entry) == NotSent("tls-too-old")
    assert heard.said == []


async def test_every_new_connection_is_checked(authority: Authority, entry: Tls, tmp_path: Path) -> None:
    """A pooled one is used again; when the server comes back with another key, the next one is refused."""
    server = authority.issue("127.0.0.1")
    with listening(server.server(tmp_path)) as heard:
        http = door(heard, entry.model_copy(update={"pins": (server.pin,)}))
        for _ in range(3):
            assert await http.exchange("POST", heard.url, {}, b"{}") == Answer(201)
        assert len(heard.said) == 1
    other = authority.issue("127.0.0.1")
    with listening(other.server(tmp_path), port=heard.url.port or 0) as again:
        reply = await http.exchange("POST", again.url, {}, b"{}")
        if not isinstance(reply, NotSent):  # the old connection was noticed to be closed only now
            reply = await http.exchange("POST", again.url, {}, b"{}")
        assert reply == NotSent("wrong-pin")
        assert again.said in ([], [b""])
        await http.close()


async def test_a_partner_that_renews_its_certificate_and_keeps_its_key_stays_known(
    authority: Authority, entry: Tls, tmp_path: Path
) -> None:
    """The pin is of the key, so a yearly certificate asks nothing of us."""
    key = new_key()
    pin = authority.issue("127.0.0.1", key=key).pin
    renewed = authority.issue("127.0.0.1", key=key, lasts=timedelta(days=3))
    with listening(renewed.server(tmp_path)) as heard:
        assert await exchanged(heard, entry.model_copy(update={"pins": (pin,)})) == Answer(201)
