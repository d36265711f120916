"""Who refuses what we dated, and whose own Date is another time than ours: the clocks are told of, not the key."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from yarl import URL

from schemas.partner import ClientCredentials, SmartBackend
from services.notify import classify, classify_fhir
from services.notify.fhir.frame import TYPES
from services.notify.grant import Grant, with_assertion, with_secret
from services.notify.oauth import TokenEndpoint
from services.notify.outcome import Outcome, Refused
from services.notify.reply import Answer, NotSent, Reply
from services.notify.token import token
from tests.unit.notify.test_grant import SECRET, SMART, key_for

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TOMORROW, YESTERDAY = "Tue, 03 Mar 2026 12:00:00 GMT", "Sun, 01 Mar 2026 12:00:00 GMT"
NEAR = (None, "soon", "Mon, 02 Mar 2026 11:59:00 GMT", "Mon, 02 Mar 2026 12:01:00 GMT")
DENIED = b'{"error":"invalid_client"}'
Classify = Callable[[Reply, datetime], Outcome]


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("channel", [classify.webhook, classify.notification])
def test_a_signature_that_another_clock_refuses_is_told_to_be_of_the_clocks(channel: Classify, status: int) -> None:
    """More than a minute off, either way; who is near, or tells no time, refuses for something else."""
    for date in (TOMORROW, YESTERDAY, "Mon, 02 Mar 2026 12:01:01 GMT"):
        assert channel(Answer(status, date=date), NOW) == Refused("clocks-apart", status)
    usual = Refused(classify.REFUSALS.get(status, "refused"), status)
    assert [channel(Answer(status, date=date), NOW) for date in NEAR] == [usual] * len(NEAR)


def test_where_nothing_is_dated_the_clocks_are_not_to_blame() -> None:
    """Neither in a FHIR transaction nor in a message; and a webhook that is not known by its address is just that."""
    refused = Answer(401, date=TOMORROW)
    assert classify_fhir.transaction(refused, NOW, entries=len(TYPES)) == Refused("not-authorised", 401)
    assert classify_fhir.message(refused, NOW) == Refused("not-authorised", 401)
    assert classify.webhook(Answer(404, date=TOMORROW), NOW) == Refused("no-such-address", 404)


@pytest.mark.parametrize("error", ["invalid_client", "invalid_grant", "invalid_request"])
def test_an_assertion_that_another_clock_refuses_is_told_to_be_of_the_clocks(error: str) -> None:
    """Neither key nor registration is at fault then, and nothing of ours is sent."""
    body = b'{"error":"%s"}' % error.encode()
    denied = token(Answer(400, None, body, TOMORROW), 0.0, NOW)
    assert denied == NotSent("token-clocks-apart")
    assert classify.webhook(denied, NOW) == Refused("token-clocks-apart")
    for date in NEAR:
        assert token(Answer(400, None, body, date), 0.0, NOW) == token(Answer(400, None, body), 0.0)


def test_a_scope_that_is_refused_is_of_no_time() -> None:
    """A secret is not, either."""
    scope = Answer(400, None, b'{"error":"invalid_scope"}', TOMORROW)
    assert token(scope, 0.0, NOW) == NotSent("token-invalid-scope")
    assert token(Answer(400, None, DENIED, TOMORROW), 0.0) == NotSent("token-invalid-client")


class Denying:
    """A token endpoint that takes nobody, and is a day ahead."""

    async def exchange(self, *_: Any) -> Reply:
        """Its answer."""
        return Answer(400, None, DENIED, TOMORROW)


def granted(how: ClientCredentials | SmartBackend) -> Grant:
    """What we ask it with."""
    if isinstance(how, ClientCredentials):
        return with_secret(how, "made up")
    return with_assertion(how, key_for(how), NOW, "once")


@pytest.mark.parametrize(("how", "why"), [(SMART, "token-clocks-apart"), (SECRET, "token-invalid-client")])
async def test_only_an_assertion_has_a_time(how: ClientCredentials | SmartBackend, why: str) -> None:
    """From what we ask with to what comes of it."""
    wire: Any = Denying()
    endpoint = TokenEndpoint(wire, URL("https://x.example/token"), lambda: granted(how), lambda: 0.0, lambda _: None)
    assert await endpoint.fetch() == NotSent(why)
