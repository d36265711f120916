"""What a partner is given to know us by, as it is typed: enough to verify us, and nothing to be us with."""

from base64 import b64decode, b64encode, urlsafe_b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate
from joserfc import jwt
from joserfc.jwk import KeySet

from schemas.corporation import Sources
from schemas.partner import NotifiedPullChannel, Partner, Partners, SmartBackend, Tls, WebhookChannel
from services.cli import main
from services.notify.channels.webhook_keys import Keys, key_of, signed
from services.notify.grant import signing_key, with_assertion
from services.notify.pin import pin_of
from tests.contract.notify.authority import Authority, pem_of
from tests.unit.notify import samples

SEED = bytes(range(32))
PRIVATE = "whsk_" + b64encode(SEED).decode()
OLD = "whsec_" + b64encode(bytes(range(32, 64))).decode()
URL = "https://partner.example/"


def smart(name: str, algorithm: str, **changed: Any) -> SmartBackend:
    """We sign an assertion with the key of that name."""
    said = {"type": "smart-backend", "token_url": f"{URL}token", "client_id": "seinpaal", "key": f"mounted:{name}.pem"}
    return SmartBackend.model_validate({**said, "key_id": name, "algorithm": algorithm, **changed})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Secrets of every kind, and partners that are known by them; the environment leads there."""
    es, rs = ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)
    for name, pem in (("es", pem_of(es)), ("rs", pem_of(rs))):
        (tmp_path / f"{name}.pem").write_text(pem)
    Authority().issue("ons.example", lasts=timedelta(days=21)).written(tmp_path, "ours")
    for name, text in (("hook", PRIVATE), ("old", OLD), ("client", "synthetisch-geheim"), ("token", "t" * 32)):
        (tmp_path / name).write_text(text)
    signing = {"url": URL, "secret": "mounted:hook", "signature": "v1a"}
    rotated = {"previous": "mounted:old", "previous_until": samples.AT}
    hook = WebhookChannel.model_validate({"type": "webhook", **signing, **rotated})
    pull = NotifiedPullChannel.model_validate({"type": "notified-pull", "url": URL, "secret": "mounted:old"})
    ours = Tls(certificate="mounted:ours.crt", key="mounted:ours.key")
    write(
        tmp_path,
        samples.partner("alles", channel=hook, authentication=smart("es", "ES384"), tls=ours),
        samples.partner("rsa", url=URL, authentication=smart("rs", "RS384")),
        samples.partner("hmac", channel=pull, access={"tokens": ("mounted:token",)}),
        samples.partner("niets", url=URL),
    )
    for name, value in (("CONFIG", tmp_path), ("SECRETS", tmp_path), ("DATABASE_URL", f"sqlite:///{tmp_path}/n.db")):
        monkeypatch.setenv(f"NOTIFY_{name}", str(value))
    return tmp_path


def write(folder: Path, *partners: Partner) -> None:
    """The files that an operator would write."""
    for name, file in (
        ("partners", Partners(partners=partners)),
        ("sources", Sources(corporations=(samples.corporation(),))),
    ):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(file.model_dump(mode="json", exclude_none=True)))


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What `seinpaal partner key` prints."""
    with pytest.raises(SystemExit) as ended:
        main(["partner", "key", *arguments])
    assert not ended.value.code
    return capsys.readouterr().out


def test_with_the_printed_webhook_key_our_signature_is_verified(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`whpk_…` is what a v1a signature fits; of the secret before it no more is told than until when."""
    told = orjson.loads(printed(capsys, "alles", "--json"))
    current, previous = told["webhook"]
    headers = signed(Keys(key_of((folder / "hook").read_text())), samples.referral().id, samples.AT, b"{}")
    public = Ed25519PublicKey.from_public_bytes(b64decode(current["public"].removeprefix("whpk_")))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{{}}".encode()
    public.verify(b64decode(headers["webhook-signature"].removeprefix("v1a,")), text)
    assert (previous["signature"], previous["public"], previous["until"]) == ("v1", None, samples.AT.isoformat())


@pytest.mark.parametrize(("partner", "name", "algorithm"), [("alles", "es", "ES384"), ("rsa", "rs", "RS384")])
def test_with_the_printed_key_set_our_assertion_is_verified(
    folder: Path, capsys: pytest.CaptureFixture[str], partner: str, name: str, algorithm: str
) -> None:
    """By its key id, in the set of all of them: one document serves every partner."""
    how = smart(name, algorithm)
    grant = with_assertion(how, signing_key(how, (folder / f"{name}.pem").read_text()), samples.AT, "once")
    assertion = dict(pair.split("=", 1) for pair in grant.body.decode().split("&"))["client_assertion"]
    for arguments in ((partner, "--jwks"), ("--jwks",)):
        keys = KeySet.import_key_set(orjson.loads(printed(capsys, *arguments)))
        assert jwt.decode(assertion, keys, algorithms=[algorithm]).claims["iss"] == "seinpaal"


def test_the_certificate_is_told_by_its_fingerprint_and_its_key(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As openssl prints it; and that it is time to order the next one."""
    [shown] = [line for line in printed(capsys, "alles").splitlines() if "SHA-256" in line]
    credential = orjson.loads(printed(capsys, "alles", "--json"))["certificate"]
    certificate = load_pem_x509_certificate((folder / "ours.crt").read_bytes())
    assert shown.split()[-1] == credential["fingerprint"] == certificate.fingerprint(SHA256()).hex(":").upper()
    assert credential["pin"] == pin_of(certificate.public_bytes(Encoding.DER))
    assert "order the next one" in printed(capsys, "alles")


FORMS = (("--jwks",), ("--json",), (), ("--trial",), ("--trial", "--json"))


def test_nothing_of_a_private_half_is_ever_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is asked for: no secret as it stands, no line of a key in PEM, no number that only its owner knows."""
    shown = "".join(printed(capsys, *arguments) for arguments in FORMS)
    assert "whpk_" in shown
    assert not any(word in shown for word in ("whsk_", "whsec_", "PRIVATE"))
    for path in folder.iterdir():
        if path.suffix not in {".yaml", ".crt"}:
            assert not any(line in shown for line in path.read_text().splitlines() if len(line) > 9), path.name
    assert not any(each in shown for each in hidden(folder))


def hidden(folder: Path) -> set[str]:
    """Every private number and byte, in the forms a key can be written in."""
    numbers = set()
    for name in ("es", "rs"):
        key = load_pem_private_key((folder / f"{name}.pem").read_bytes(), None)
        if isinstance(key, rsa.RSAPrivateKey):
            private = key.private_numbers()
            numbers |= {private.d, private.p, private.q, private.dmp1, private.dmq1, private.iqmp}
        elif isinstance(key, ec.EllipticCurvePrivateKey):
            numbers.add(key.private_numbers().private_value)
    raw = {SEED, bytes(range(32, 64))} | {each.to_bytes((each.bit_length() + 7) // 8, "big") for each in numbers}
    written = {form(each).decode() for each in raw for form in (b64encode, urlsafe_b64encode)}
    return {each.rstrip("=") for each in written} | {each.hex() for each in raw}


def test_two_keys_under_one_id_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody could tell which of them signed."""
    write(
        folder,
        samples.partner("een", url=URL, authentication=smart("es", "ES384", key_id="2026-1")),
        samples.partner("twee", url=URL, authentication=smart("rs", "RS384", key_id="2026-1")),
    )
    assert ended(capsys, "--jwks") == (78, "seinpaal: two different keys have key_id 2026-1")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nobody",), "seinpaal: no partner 'nobody' in partners.yaml"),
        (("niets", "--trial"), "seinpaal: partner niets has no test address"),
        (("alles",), "seinpaal: partner alles: tls.certificate: mounted:ours.crt holds no certificate in PEM"),
    ],
)
def test_what_cannot_be_printed_is_told_with_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    """The name, the place and the field; never what stands there."""
    (folder / "ours.crt").write_text("synthetisch-geheim")
    assert ended(capsys, *arguments) == (78, says)


def ended(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code, and the beginning of what was said."""
    with pytest.raises(SystemExit) as caught:
        main(["partner", "key", *arguments])
    said = capsys.readouterr()
    assert said.out == ""
    sentence = said.err.splitlines()[0]
    return int(caught.value.code or 0), sentence.partition(": give ")[0].partition(": `")[0]
