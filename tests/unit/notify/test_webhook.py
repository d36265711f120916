"""Webhooks: signed as others verify it, and no more in them than this partner may see."""

from base64 import b64encode
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from yarl import URL

from schemas.codes import Answer, PartnerKind
from schemas.referral import ReferralChange
from services.notify.channels.notified_pull import notification
from services.notify.channels.webhook_body import body
from services.notify.channels.webhook_keys import Keys, key_of, signed
from services.notify.fhir.validate import Gate
from services.notify.letter import NOTHING
from services.notify.reception.forms import Forms
from services.runtime.errors import Refused
from tests.unit.notify import samples

SECRET = "whsec_" + b64encode(bytes(range(32))).decode()
KEYS = Keys(key_of(SECRET))
SOURCE = "urn:nld:kvknr:12345678:systeem:test"
MESSAGE = samples.referral().id


@given(st.binary(max_size=200).map(lambda raw: orjson.dumps({"raw": raw.hex()})))
def test_the_standards_own_library_verifies_our_signature(content: bytes) -> None:
    """The receiver's side as others wrote it."""
    headers = signed(KEYS, MESSAGE, datetime.now(UTC), content)
    assert Webhook(SECRET).verify(content, headers) == orjson.loads(content)


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp"])
def test_id_and_time_are_signed_too(header: str) -> None:
    """Neither can be exchanged on the way."""
    headers = signed(KEYS, MESSAGE, datetime.now(UTC), b"{}")
    headers[header] = str(int(datetime.now(UTC).timestamp()) + 1)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(b"{}", headers)


def test_the_id_stays_over_retries_and_the_time_does_not() -> None:
    """The partner recognises the message; a recording of it grows stale."""
    first = signed(KEYS, MESSAGE, samples.AT, b"{}")
    later = signed(KEYS, MESSAGE, samples.AT.replace(hour=23), b"{}")
    assert first["webhook-id"] == later["webhook-id"] == str(MESSAGE)
    assert first["webhook-timestamp"] == str(int(samples.AT.timestamp())) != later["webhook-timestamp"]


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "not base64!", "whsec_" + b64encode(b"x" * 23).decode(), b64encode(b"x" * 65).decode()]
)
def test_a_secret_that_is_none_is_refused_without_being_told(secret: str) -> None:
    """At start, not at the first referral."""
    with pytest.raises(Refused) as caught:
        key_of(secret)
    assert secret in {"", "whsec_"} or secret not in str(caught.value)


def test_the_same_letter_makes_the_same_bytes() -> None:
    """What is sent again under its id is the same to the byte."""
    assert body(samples.letter(), SOURCE) == body(samples.letter(), SOURCE)


def test_the_body_is_a_cloud_event_about_the_referral() -> None:
    """CloudEvents 1.0, structured mode; the referral's id over all its revisions stands in the data."""
    event = orjson.loads(body(samples.letter(samples.referral(revision=2)), SOURCE))
    assert {"specversion", "id", "source", "type", "time", "data"} <= event.keys()
    assert event["source"] == SOURCE
    assert event["id"] == str(samples.referral(revision=2).id)
    assert event["data"]["referral"] == str(samples.referral().id)
    assert event["data"]["suspected"] is True
    assert [person["role"] for person in event["data"]["people"]] == ["possible-victim", "child", "alleged-perpetrator"]


def test_what_is_fetched_and_the_word_that_it_lies_ready_say_who_we_are_too() -> None:
    """The fetched event is the webhook's, byte for byte."""
    assert Forms(Gate(), SOURCE).event.pack(samples.letter()) == body(samples.letter(), SOURCE)
    assert orjson.loads(notification(MESSAGE, URL("https://seinpaal.example/"), SOURCE))["source"] == SOURCE


def test_what_only_helps_us_is_not_told() -> None:
    """The household's pseudonym would let partners add up what we keep apart."""
    facts = orjson.loads(body(samples.letter(), SOURCE))["data"]["facts"]
    assert facts["kind"] == "noise.violence"
    assert not facts.keys() & {"household", "origin_code", "secret_address"}


def test_a_partner_sees_what_its_kind_may_see() -> None:
    """The same rules as on FHIR."""
    shown = body(samples.letter(samples.referral(kind=PartnerKind.NEIGHBOURHOOD_TEAM)), SOURCE)
    assert b"Testpersoon Een" in shown
    assert b"Testpersoon Drie" not in shown
    assert b"Testmelder" not in shown
    assert b"+316" not in shown


def test_the_language_is_told_where_nobody_may_be_contacted() -> None:
    """Beside what forbids it, and not where it is in the safe contact."""
    for allowed, language, contact in ((Answer.NO, "Pools", False), (Answer.YES, None, True)):
        told = samples.particulars(safe_contact=samples.SAFE.model_copy(update={"allowed": allowed}))
        content = orjson.loads(body(samples.letter(told=told), SOURCE))["data"]
        assert (content.get("language"), content["contact_allowed"]) == (language, contact)
        assert ("Pools" in str(content["safe_contact"])) is contact


def test_a_withdrawal_tells_nothing_about_people() -> None:
    """Only that it is taken back."""
    withdrawal = samples.referral(revision=2, change=ReferralChange.WITHDRAWAL)
    event = orjson.loads(body(samples.letter(withdrawal, NOTHING), SOURCE))
    assert event["data"]["change"] == "withdrawal"
    assert not event["data"].keys() & {"people", "facts", "narrative", "address", "reporter", "safe_contact"}
