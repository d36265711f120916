"""Every secret of every partner is looked for before anything begins."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from yarl import URL

from schemas.partner import Partner, Trial
from services.notify import secret_words
from services.notify.doors import doors
from services.notify.http import PartnerHttp
from services.notify.kit import exam_words
from services.notify.references import readable, references
from services.notify.secrets import Secrets
from services.runtime.errors import Refused
from tests.languages import catalogue, unlike
from tests.unit.notify import samples

TEXTS: Final = catalogue(secret_words, exam_words)
TLS = {"certificate": "mounted:a.crt", "key": "mounted:a.key", "authorities": "file:/a/authorities"}
SECRET = {"type": "oauth2", "token_url": "https://l.example/", "client_id": "a", "client_secret": "env:A"}
SMART = {"type": "smart-backend", "token_url": "https://l.example/", "client_id": "a", "key": "env:B", "key_id": "1"}
HEADERS = {"type": "headers", "headers": {"X-Key": "env:C", "X-Other": "mounted:d"}}
WEBHOOK = {"type": "webhook", "url": "https://a.example/", "secret": "env:E", "previous": "mounted:f"}
PULL = {"type": "notified-pull", "url": "https://a.example/", "secret": "env:G", "previous": "env:H"}


def entry(name: str = "a", **given: Any) -> Partner:
    """As `partners.yaml` would have it."""
    return Partner.model_validate(samples.partner(name).model_dump() | given)


def test_every_kind_of_reference_is_found_by_its_field() -> None:
    """Channel, authentication, TLS, and the tokens the partner shows us."""
    found = dict(references(entry(channel=WEBHOOK, authentication=HEADERS, tls=TLS, access={"tokens": ("env:T",)})))
    assert found == {
        "channel.secret": "env:E",
        "channel.previous": "mounted:f",
        "authentication.headers.X-Key": "env:C",
        "authentication.headers.X-Other": "mounted:d",
        "tls.certificate": "mounted:a.crt",
        "tls.key": "mounted:a.key",
        "tls.authorities": "file:/a/authorities",
        "access.tokens.0": "env:T",
    }
    assert dict(references(entry(channel=PULL, authentication=SECRET))) == {
        "channel.secret": "env:G",
        "channel.previous": "env:H",
        "authentication.client_secret": "env:A",
    }
    assert dict(references(entry(authentication=SMART))) == {"authentication.key": "env:B"}


def test_no_reference_of_the_language_is_forgotten() -> None:
    """A new field that points at a secret is looked for too, or this test says so."""
    covered = {"secret", "previous", "headers", "client_secret", "key", "certificate", "authorities", "tokens"}
    schema = Partner.model_json_schema()
    trial = Trial.model_json_schema()["properties"]
    assert {name for name, part in _fields(schema) if _points(part)} == covered
    assert not {name for name, part in trial.items() if _points(part)}


def _fields(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for model in (schema, *schema["$defs"].values()):
        yield from model.get("properties", {}).items()


def _points(part: Any) -> bool:
    return "mounted:" in str(part)


def test_every_missing_secret_of_every_partner_is_told_at_once(tmp_path: Path) -> None:
    """By partner, field and place, with what to do: nobody mends one, starts, and finds the next."""
    (tmp_path / "a.key").write_text("sleutel")
    partners = [entry("a", tls=TLS), entry("b", authentication=SECRET)]
    with pytest.raises(Refused) as caught:
        readable(partners, Secrets(tmp_path, {}))
    assert str(caught.value).splitlines() == [
        (
            "partner a: tls.certificate: the secret mounted:a.crt cannot be read (there is no such file). "
            "Put it into that file of the folder in NOTIFY_SECRETS, readable by the user that runs this"
        ),
        (
            "partner a: tls.authorities: the secret file:/a/authorities cannot be read (there is no such file). "
            "Put it there, readable by the user that runs this"
        ),
        (
            "partner b: authentication.client_secret: the secret env:A is missing or empty. "
            "Set that variable for notify, and wherever commands about partners are given"
        ),
    ]


def test_a_missing_secret_is_told_in_dutch_too(tmp_path: Path) -> None:
    """Line by line, with what to do."""
    with pytest.raises(Refused) as caught:
        readable([entry("a", tls=TLS), entry("b", authentication=SECRET)], Secrets(tmp_path, {}))
    lines = caught.value.said("nl").splitlines()
    assert lines[0].startswith("partner a: tls.certificate: het geheim mounted:a.crt is niet te lezen (dat bestand is")
    assert lines[-1] == (
        "partner b: authentication.client_secret: het geheim env:A ontbreekt of is leeg. "
        "Zet die variabele voor notify, en overal waar opdrachten over partners worden gegeven"
    )


@pytest.mark.parametrize("name", sorted(TEXTS.keys() - {"secret_words.OF_FIELD", "secret_words.OF_PARTNER"}))
def test_every_text_is_there_in_both_languages(name: str) -> None:
    """With a place for the same values in each."""
    assert unlike(TEXTS[name])


def test_mounted_secrets_need_their_directory() -> None:
    """The text names the setting that is missing."""
    with pytest.raises(Refused, match="NOTIFY_SECRETS"):
        readable([entry("a", tls=TLS)], Secrets(None, {}))


def test_what_does_not_fit_is_told_of_every_partner_at_once() -> None:
    """A line for each, with its partner; never with what is in the secret."""
    smart = entry("a", authentication=SMART)
    headers = entry("b", authentication={"type": "headers", "headers": {"Host": "env:B"}})
    split = entry("c", authentication={"type": "headers", "headers": {"X-Key": "env:C"}})
    with pytest.raises(Refused) as caught:
        doors([smart, headers, split], Secrets(None, {"B": "geheim", "C": "geheim\nX-Evil: 1"}))
    told = str(caught.value)
    assert [line.split(":")[0] for line in told.splitlines()] == ["partner a", "partner b", "partner c"]
    assert "geheim" not in told
    assert "Evil" not in told


def test_a_key_that_does_not_fit_is_told_in_dutch_too() -> None:
    """With what the algorithm takes, in the same language."""
    with pytest.raises(Refused) as caught:
        doors([entry("a", authentication=SMART)], Secrets(None, {"B": "geen sleutel"}))
    told = caught.value.said("nl")
    assert "staat geen geheime sleutel in PEM voor" in told
    assert told.endswith(("een P-384-sleutel", "bits"))


def test_a_secret_of_a_megabyte_is_no_secret(tmp_path: Path) -> None:
    """A wrong path, to a device or a dump, does not fill our memory."""
    dump = tmp_path / "dump"
    dump.write_bytes(b"0" * 2_000_000)
    with pytest.raises(Refused, match="longer than"):
        Secrets(tmp_path).read(f"file:{dump}")
    with pytest.raises(Refused, match="a device"):
        Secrets(tmp_path).read("file:/dev/zero")


def test_a_door_without_a_secret_is_refused_by_its_partner() -> None:
    """Also when it is opened alone, as a check does."""
    with pytest.raises(Refused, match="partner a: the secret env:A"):
        PartnerHttp(entry(authentication=SECRET), URL("https://a.example/"), secrets=Secrets(None, {}))
