"""Who we are: our own certificate, shown to real servers that ask for one."""

import ssl
from pathlib import Path

import pytest
from yarl import URL

from schemas.partner import Tls
from services.notify import classify
from services.notify.http import Limits, PartnerHttp
from services.notify.outcome import Refused as ForAPerson
from services.notify.reply import Answer, NotSent
from services.notify.secrets import Secrets
from services.runtime.errors import Refused
from tests.contract.notify.authority import Authority, Credential
from tests.contract.notify.listening import Heard, listening
from tests.unit.notify import samples

LIMITS = Limits(connect=5.0, total=10.0)


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Vouches for both sides."""
    return Authority()


@pytest.fixture
def folder(authority: Authority, tmp_path: Path) -> Path:
    """What is mounted: the authorities, our certificate and its key."""
    (tmp_path / "authorities").write_text(authority.pem)
    mount(authority.issue("ons.example"), tmp_path)
    return tmp_path


def mount(credential: Credential, folder: Path) -> None:
    """Ours from now on."""
    credential.written(folder, "ours")


OURS = Tls(certificate="mounted:ours.crt", key="mounted:ours.key", authorities="mounted:authorities")


def door(heard: Heard, folder: Path, tls: Tls = OURS) -> PartnerHttp:
    """To that server."""
    return PartnerHttp(samples.partner(url=str(heard.url), tls=tls), heard.url, LIMITS, Secrets(folder, {}))


def der(path: Path) -> bytes:
    """A certificate as a server sees it."""
    return ssl.PEM_cert_to_DER_cert(path.read_text())


async def test_our_certificate_lets_us_in(authority: Authority, folder: Path) -> None:
    """Certificate and key by reference; the server knows us by it."""
    with listening(authority.issue("127.0.0.1").server(folder, clients=authority)) as heard:
        http = door(heard, folder)
        assert await http.exchange("POST", heard.url, {}, b"{}") == Answer(201)
        await http.close()
    assert heard.shown == [der(folder / "ours.crt")]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_certificate_they_do_not_know_is_for_a_person(
    version: ssl.TLSVersion, authority: Authority, folder: Path
) -> None:
    """Nothing arrived, as their handshake never ended; asking again by itself would change nothing."""
    mount(Authority("Ander gezag").issue("ons.example"), folder)
    context = authority.issue("127.0.0.1").server(folder, clients=authority)
    context.maximum_version = version
    with listening(context) as heard:
        http = door(heard, folder)
        reply = await http.exchange("POST", heard.url, {}, b"{}")
        await http.close()
    assert reply == NotSent("client-certificate-refused")
    assert heard.said == []
    assert classify.webhook(reply, samples.AT) == ForAPerson("client-certificate-refused")


async def test_a_certificate_that_was_renewed_counts_without_a_restart(authority: Authority, folder: Path) -> None:
    """The next request shows it; a key of another moment does not replace what works, and is told in the log."""
    with listening(authority.issue("127.0.0.1").server(folder, clients=authority)) as heard:
        http = door(heard, folder)
        assert await http.exchange("POST", heard.url, {}, b"{}") == Answer(201)
        first = der(folder / "ours.crt")
        renewed = authority.issue("ons.example", "renewed.example")
        (folder / "ours.crt").write_text(renewed.pem)
        assert await http.exchange("POST", heard.url, {}, b"{}") == Answer(201)
        assert heard.shown == [first]
        mount(renewed, folder)
        assert await http.exchange("POST", heard.url, {}, b"{}") == Answer(201)
        await http.close()
    assert heard.shown == [first, der(folder / "ours.crt")]


@pytest.mark.parametrize(
    ("tls", "sentence"),
    [
        (Tls(certificate="mounted:ours.crt"), "tls.key: certificate and key go together"),
        (Tls(key="mounted:ours.key"), "tls.certificate: certificate and key go together"),
        (Tls(certificate="mounted:ours.crt", key="mounted:other.key"), "tls.key: mounted:other.key is no private key"),
        (Tls(certificate="mounted:authorities", key="mounted:ours.crt"), "tls.key: mounted:ours.crt is no private key"),
        (Tls(authorities="mounted:ours.key"), "tls.authorities: mounted:ours.key holds no certificates"),
        (Tls(certificate="mounted:away", key="mounted:ours.key"), "mounted:away cannot be read"),
    ],
)
def test_what_cannot_be_used_is_refused_at_the_start(
    tls: Tls, sentence: str, folder: Path, authority: Authority
) -> None:
    """By field and place: never a connection without what the entry asks for."""
    authority.issue("ons.example").written(folder, "other")
    with pytest.raises(Refused, match=f"^partner testpartner: (the secret )?{sentence}"):
        PartnerHttp(samples.partner(tls=tls), URL("https://127.0.0.1:1/"), LIMITS, Secrets(folder, {}))


def test_a_key_behind_a_password_is_refused_and_nobody_is_asked_for_it(folder: Path, authority: Authority) -> None:
    """A service has no keyboard: it would wait for ever."""
    (folder / "ours.key").write_text(authority.issue("ons.example").locked)
    with pytest.raises(Refused, match="without a password"):
        PartnerHttp(samples.partner(tls=OURS), URL("https://127.0.0.1:1/"), LIMITS, Secrets(folder, {}))


def test_tls_that_is_set_is_never_left_out(folder: Path) -> None:
    """http:// with a certificate or a pin in the entry would be the weaker way in."""
    with pytest.raises(Refused, match="tls is set"):
        PartnerHttp(samples.partner(tls=OURS), URL("http://127.0.0.1:1/"), LIMITS, Secrets(folder, {}))
