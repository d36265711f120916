"""What a token endpoint's answer comes to."""

from typing import Any

import orjson
import pytest

from services.notify import classify
from services.notify.outcome import Refused, TryLater
from services.notify.reply import Answer, Lost, NotSent, Reply
from services.notify.token import Token, token
from tests.unit.notify import samples

GRANTED = {"access_token": "abc.def-_~+/==", "token_type": "Bearer", "expires_in": 300}


def answered(**said: Any) -> Token | NotSent:
    """What such an answer comes to, asked at second 1000."""
    return token(Answer(200, None, orjson.dumps(said)), 1000.0)


def test_a_token_is_renewed_before_it_ends() -> None:
    """After four fifths of its life another is fetched; five seconds before its end it is not shown any more."""
    assert answered(**GRANTED) == Token("abc.def-_~+/==", 1240.0, 1295.0)


def test_a_token_is_one_whatever_success_it_comes_with() -> None:
    """Some say 201 (created) of it; the RFC has 200."""
    assert token(Answer(201, None, orjson.dumps(GRANTED)), 1000.0) == answered(**GRANTED)


@pytest.mark.parametrize(
    "reply", [Answer(204), Answer(200, None, b"<html>"), Answer(302), Answer(404), Answer(429), Answer(500)]
)
def test_what_the_endpoint_answered_is_known(reply: Answer) -> None:
    """A proxy's page, a login form in its place, a wrong path: the status tells them apart."""
    denied = token(reply, 0.0)
    assert isinstance(denied, NotSent)
    assert denied.status == reply.status


@pytest.mark.parametrize(
    ("said", "good_until"),
    [
        ("300", 1295.0), (300.0, 1295.0), (4, 1002.0), (0, 1000.0), (-7, 1000.0),
        (10**12, 1000.0 + 86_395.0), ("9" * 500, 1000.0 + 86_395.0),
        (None, 1055.0), ("soon", 1055.0), (True, 1055.0), ([300], 1055.0),
    ],
)  # fmt: skip
def test_how_long_it_lasts_is_read_with_care(said: Any, good_until: float) -> None:
    """In text too; never longer than a day; a minute when nobody says so."""
    read = answered(**{**GRANTED, "expires_in": said})
    assert isinstance(read, Token)
    assert read.good_until == good_until


@pytest.mark.parametrize(
    "changed",
    [
        {"access_token": "a\r\nX-Evil: 1"}, {"access_token": ""}, {"access_token": "a b"}, {"access_token": None},
        {"access_token": "é"}, {"access_token": "a" * 9000}, {"token_type": "mac"}, {"token_type": None},
    ],
)  # fmt: skip
def test_what_is_no_bearer_token_is_none(changed: dict[str, Any]) -> None:
    """A header of ours is never of their choice."""
    assert answered(**(GRANTED | changed)) == NotSent("token-unreadable")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Answer(400, None, b'{"error":"invalid_client"}'), "token-invalid-client"),
        (Answer(401, None, b'{"error":"invalid_client"}'), "token-invalid-client"),
        (Answer(400, None, b'{"error":"invalid_scope"}'), "token-invalid-scope"),
        (Answer(400, None, b'{"error":["unauthorized_client"]}'), "token-refused"),
        (Answer(401), "token-refused"),
        (Answer(403, None, b"<html>"), "token-refused"),
        (Answer(404), "token-refused"),
        (Answer(307), "token-refused"),
        (NotSent("wrong-pin"), "token-wrong-pin"),
        (NotSent("address-refused"), "token-address-refused"),
    ],
)
def test_what_is_ours_to_mend_is_for_a_person(reply: Reply, reason: str) -> None:
    """Our key, our scope, their address: the same again would be answered the same."""
    denied = token(reply, 0.0)
    assert denied == NotSent(reason)
    assert classify.webhook(denied, samples.AT) == Refused(reason)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Answer(500), "token-unavailable"),
        (Answer(429), "token-throttled"),
        (Answer(400, None, b'{"error":"temporarily_unavailable"}'), "token-unavailable"),
        (Answer(200, None, b"<html>"), "token-unreadable"),
        (Answer(200, None, b"[]"), "token-unreadable"),
        (Answer(200, None, None), "token-unreadable"),
        (NotSent("no-connection"), "token-no-connection"),
        (NotSent("certificate-expired"), "token-certificate-expired"),
        (Lost("timed-out"), "token-timed-out"),
    ],
)
def test_what_passes_is_tried_again(reply: Reply, reason: str) -> None:
    """Nothing of ours was sent: nobody needs to be asked whether it arrived."""
    denied = token(reply, 0.0)
    assert denied == NotSent(reason)
    assert classify.webhook(denied, samples.AT) == TryLater(reason)


@pytest.mark.parametrize(
    ("asked", "date"),
    [
        ("60", None),
        ("Mon, 02 Mar 2026 21:46:12 GMT", "Mon, 02 Mar 2026 21:45:12 GMT"),
        ("Tue, 03 Mar 2026 21:46:12 GMT", "Tue, 03 Mar 2026 21:45:12 GMT"),
        ("Sun, 01 Mar 2026 21:46:12 GMT", "Sun, 01 Mar 2026 21:45:12 GMT"),
    ],
)
def test_a_busy_token_endpoint_is_left_alone_as_long_as_it_asks(asked: str, date: str | None) -> None:
    """Its Retry-After counts as a partner's own does: a date in it by the clock of who wrote it, a day off or not."""
    denied = token(Answer(503, asked, date=date), 0.0)
    assert isinstance(denied, NotSent)
    later = classify.webhook(denied, samples.AT)
    assert isinstance(later, TryLater)
    assert later.not_before is not None
    assert (later.not_before - samples.AT).total_seconds() == 60


def test_a_token_does_not_show_itself() -> None:
    """Not in an error, not in a log."""
    assert "abc" not in repr(answered(**GRANTED))
