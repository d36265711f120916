"""SUBSCRIBER: has partners' servers notify us, and sees to it that they go on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from yarl import URL

from schemas import ids
from schemas.feedback import SubscriptionFeedback
from services.notify import polling_store
from services.notify.directory import Directory
from services.notify.fhir_answers import NotNow
from services.notify.fhir_client import FhirClient
from services.notify.polling import Asked
from services.notify.polling_round import Round
from services.notify.secrets import Secrets
from services.notify.subscription import AGAIN, OVER, PATH, Forgotten, Renewed, Subscribed, renew_at, renewed, wanted
from services.notify.subscription_place import in_its_place
from services.runtime.clock import Clock
from services.runtime.database import Database
from services.runtime.errors import Refused
from services.runtime.log import get_logger

log = get_logger(__name__)


class Subscriber:
    """Without a Subscription nothing is lost: what it would tell, asking finds, later."""

    def __init__(
        self,
        database: Database,
        directory: Directory,
        fhir_clients: Mapping[str, FhirClient],
        clock: Clock,
        *,
        secrets: Secrets,
        reception: str | None,
    ) -> None:
        """`reception` is how partners write our address."""
        self._database = database
        self._partners = directory.partners
        self._fhir_clients = fhir_clients
        self._clock = clock
        self._secrets = secrets
        self._endpoint = str(URL(reception) / PATH) if reception else ""
        self._given: dict[str, bytes] = {}  # of the token that each server shows by now, as far as this instance knows

    async def see_to(self, how: Asked, round_: Round) -> bool:
        """Make or renew the Subscription when it is time; whether that was all of this turn of ours. Raises TryLater.

        It is also time when its own token was changed where it is kept: the server shows the old one, and is let in no
        more. The partner's rate counts its request: what is to be asked is asked in the next turn.
        """
        now = self._clock()
        if not isinstance(how, SubscriptionFeedback) or round_.renew_at is None:
            return False
        token = self._token(round_.partner)
        changed = token is not None and self._given.get(round_.partner, _mark(token)) != _mark(token)
        if round_.renew_at > now and (round_.unsubscribed is not None or not changed):
            return False
        found = await self._renewed(how, round_, now, token)
        async with self._database.begin() as connection:
            held = await polling_store.held(connection, round_.partner, round_.fence)
            if held is not None:
                after = replace(_after(held, found, now), due_at=now, leased_until=None)
                await polling_store.change(connection, after)
        match found:
            case Subscribed(over=True):
                log.warning("notify.not_subscribed", partner=round_.partner, reason=OVER)
            case Subscribed():
                self._given[round_.partner] = _mark(token or "")
                log.info("notify.subscribed", partner=round_.partner)
            case Forgotten():
                log.info("notify.subscription_gone", partner=round_.partner)
            case NotNow(reason=reason, status=status):
                log.warning("notify.not_subscribed", partner=round_.partner, reason=reason, status=status)
        return True

    def _token(self, partner: str) -> str | None:
        """What its server is to show us; None while its place holds nothing."""
        try:
            return self._secrets.read(self._partners[partner].access.tokens[0])
        except Refused:
            return None

    async def _renewed(self, how: SubscriptionFeedback, round_: Round, now: datetime, token: str | None) -> Renewed:
        until = now + timedelta(days=how.days)
        if token is None:
            return NotNow("no-secret")
        resource = wanted(how, self._endpoint, token, until, round_.subscription)
        request, fhir_client = partial(ids.derived, ids.partner_id(round_.partner)), self._fhir_clients[round_.partner]
        if round_.subscription is not None:
            there = await fhir_client.look("Subscription", round_.subscription, request("looked", round_.fence))
            if (other := in_its_place(there, resource, now)) is not None:
                return other
        reply = await fhir_client.write(resource, request("subscribed", round_.fence))
        return renewed(reply, now, until, round_.subscription)


def _mark(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _after(held: Round, found: Renewed, now: datetime) -> Round:
    match found:
        case Subscribed(id=id_, until=until, over=True):
            return replace(held, subscription=id_, subscribed_until=until, renew_at=now + AGAIN, unsubscribed=OVER)
        case Subscribed(id=id_, until=until):
            return replace(
                held, subscription=id_, subscribed_until=until, renew_at=renew_at(until, now), unsubscribed=None
            )
        case Forgotten():
            return replace(held, subscription=None, subscribed_until=None, renew_at=now)
        case NotNow(reason=reason):
            return replace(held, renew_at=now + AGAIN, unsubscribed=reason)
