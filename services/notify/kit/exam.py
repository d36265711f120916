"""EXAM: puts one partner to the test, one check after the other, over the channel that real referrals take."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from schemas.feedback import PollingFeedback, SubscriptionFeedback, TaskFeedback
from schemas.partner import FhirChannel, InboxChannel, NotifiedPullChannel, Partner
from schemas.progress import Progress
from schemas.referral import ReferralChange
from schemas.words import filled
from services.notify.fingerprint import fingerprint
from services.notify.kit import amending, judge, notifying, polled
from services.notify.kit import exam_words as words
from services.notify.kit.attending import Attendance, is_for
from services.notify.kit.connection import Connection, Terms
from services.notify.kit.forging import with_wrong_key, with_wrong_token
from services.notify.kit.holding import Held, NotTold, Told
from services.notify.kit.letters import Case
from services.notify.kit.notifying import Active, Begun
from services.notify.kit.report import Check, Finding, Report, Verdict
from services.notify.kit.scope import at_real_address, shown_elsewhere, unasked
from services.notify.kit.subscribing import Subscribing
from services.notify.letter import Letter
from services.notify.outcome import Offered, Outcome
from services.notify.secrets import Secrets
from services.runtime.errors import Refused

NEW, UPDATE, WITHDRAWAL = ReferralChange.NEW, ReferralChange.UPDATE, ReferralChange.WITHDRAWAL

LOOK_SECONDS: Final = 0.25
STALE: Final = timedelta(hours=1)
"""How old a signature is that must be refused; five minutes are allowed (Standard Webhooks 1.0.0)."""


async def examine(partner: Partner, terms: Terms, on_finding: Callable[[Finding], None]) -> Report:
    """Every check, in the report's order; `on_finding` is called as each is made.

    Raises:
        Refused: when there is no test address, nothing to test there, or the entry cannot be used.
    """
    tried = partner.on_trial
    if isinstance(partner.channel, InboxChannel):
        raise Refused(filled(words.AN_INBOX, partner.id))
    if tried is None:
        raise Refused(filled(words.NO_TRIAL, partner.id))
    if tried.channel.type != partner.channel.type:
        raise Refused(filled(words.ANOTHER_KIND, partner.id))
    if at_real_address(partner, tried):
        raise Refused(filled(words.REAL_ADDRESS, partner.id))
    if (field := shown_elsewhere(partner, tried)) is not None:
        raise Refused(filled(words.SHOWN_ELSEWHERE, partner.id, field))
    at = terms.clock()
    async with AsyncExitStack() as opened:
        exam = _Exam(tried, terms, at, opened, await _attended(tried, terms, opened))
        findings = await exam.all(on_finding)
    known = fingerprint(partner)
    return Report(partner=partner.id, channel=partner.channel.type, at=at, findings=tuple(findings), fingerprint=known)


async def _attended(tried: Partner, terms: Terms, opened: AsyncExitStack) -> Attendance | None:
    """Where its test system reaches us, when it must. Without a Subscription the rest is tried; the report says so."""
    if not is_for(tried):
        return None
    notifies = isinstance(tried.feedback, SubscriptionFeedback)
    if notifies and not isinstance(tried.channel, FhirChannel):
        raise Refused(filled(words.ONLY_FHIR, tried.id))
    if terms.listen is None and notifies:
        return None
    if terms.listen is None:
        raise Refused(filled(words.MUST_REACH, tried.id))
    if not tried.access.tokens:
        raise Refused(filled(words.NO_TOKEN, tried.id))
    secrets = Secrets(terms.mounted)
    attendance = Attendance(tried, terms.listen, terms.public_url, secrets, terms.clock, source=terms.source)
    await attendance.start()
    opened.push_async_callback(attendance.stop)
    return attendance


class _Exam:
    def __init__(
        self, partner: Partner, terms: Terms, at: datetime, opened: AsyncExitStack, attendance: Attendance | None
    ) -> None:
        self._attendance = attendance
        self._partner = partner
        self._terms = terms
        self._at = at
        self._opened = opened
        self._case = Case(partner, at, "1")
        self._connection = self._connected(partner, Secrets(terms.mounted))
        self._subscribing = self._subscribed()
        self._begun: Begun | None = None

    async def all(self, on_finding: Callable[[Finding], None]) -> Sequence[Finding]:
        """The first must arrive; when it does not, nobody can see the rest."""
        found: dict[Check, Finding] = {}

        def take(finding: Finding) -> bool:
            """One more is found; whether it is well."""
            found[finding.check] = finding
            on_finding(finding)
            return finding.verdict is Verdict.PASSED

        first = self._case.letter(1, NEW)
        sent = await self._connection.send(first)
        take(judge.tls(self._partner, sent))
        arrived = take(judge.arrives(sent, fetched=await self._fetched(first, sent)))
        for check, put in self._checks():
            if (why := unasked(check, self._partner)) is not None:
                take(judge.not_asked(check, why))
            else:
                take(await put() if arrived else judge.not_shown(check, "nothing-arrived"))
        heard = self._connection.heard
        take(judge.in_time(heard, self._terms.prompt))
        take(judge.short(heard))
        take(judge.clock(heard))
        return amending.amended([found[check] for check in Check], self._partner, heard, self._terms, self._attendance)

    def _checks(self) -> Sequence[tuple[Check, Callable[[], Awaitable[Finding]]]]:
        """What a referral that arrived makes possible, in the order in which it is tried."""
        return (
            (Check.ONCE, self._once),
            (Check.ASKED, self._asked),
            (Check.ORDER, self._order),
            (Check.STATUS, self._status),
            (Check.SUBSCRIPTION, self._subscription),
            (Check.CANCEL, self._cancel),
            (Check.EMPTIED, self._emptied),
            (Check.SIGNATURE, self._signature),
            (Check.TIMESTAMP, self._timestamp),
            (Check.TOKEN, self._token),
        )

    async def _once(self) -> Finding:
        again = await self._connection.send(self._case.letter(1, NEW))
        return judge.once(again, await self._held(lambda held: held.records > 0))

    async def _asked(self) -> Finding:
        again = await self._connection.send(self._case.letter(1, NEW), uncertain=True)
        return judge.asked(again, await self._connection.held(Case(self._partner, self._at, "never-sent")))

    async def _order(self) -> Finding:
        """The first revision once more, as if it had been held up on its way. Of the second we are to be notified."""
        await self._subscribe()
        letter = self._case.letter(2, UPDATE)
        second = await self._connection.send(letter)
        await self._fetched(letter, second)
        await self._connection.send(self._case.letter(1, NEW))
        return judge.order(second, await self._held(lambda held: held.revision == letter.referral.revision))

    async def _status(self) -> Finding:
        if isinstance(self._partner.feedback, SubscriptionFeedback):
            return await self._notified()
        began, patience = monotonic(), self._terms.patience
        while True:
            told, waited = await self._told(), monotonic() - began
            match told:
                case Held(status=Progress.REQUESTED) | NotTold(reason=polled.TOGETHER) if waited < patience:
                    await asyncio.sleep(LOOK_SECONDS)
                case _:
                    return judge.status(told, waited)

    async def _notified(self) -> Finding:
        """What a search would find does not count: it was agreed that they tell us."""
        ours, attendance = self._subscribing, self._attendance
        if ours is None or attendance is None or not isinstance(self._begun, Active):
            return judge.not_shown(Check.STATUS, "not-subscribed")
        return notifying.status(await ours.came(self._terms), more=attendance.notified.more)

    async def _subscription(self) -> Finding:
        if self._subscribing is None or self._begun is None:
            return judge.not_shown(Check.SUBSCRIPTION, "nowhere-reached")
        return notifying.subscription(self._begun, ended=await self._subscribing.end())

    async def _subscribe(self) -> None:
        """It is taken back whatever comes of the trial."""
        if self._subscribing is None or self._attendance is None:
            return
        self._opened.push_async_callback(self._subscribing.end)
        self._begun = await self._subscribing.begin(self._attendance.reached_at, self._terms)

    async def _told(self) -> Told:
        """What somebody there said of it, in the way that was agreed on."""
        match self._partner.feedback, self._partner.channel:
            case TaskFeedback(), _ if self._attendance is not None:
                return Held(records=1, revision=0, status=self._attendance.status(self._case.thread))
            case PollingFeedback(), FhirChannel(url=url):
                ours = polled.Polled(self._connection.door, str(url), self._case)
                return await ours.told(self._terms.clock())
            case _:
                return await self._connection.held(self._case)

    async def _cancel(self) -> Finding:
        letter = self._case.letter(3, WITHDRAWAL)
        third = await self._connection.send(letter)
        await self._fetched(letter, third)
        return judge.cancel(third, await self._held(lambda held: held.status is Progress.CANCELLED))

    async def _emptied(self) -> Finding:
        reply, wanted = await self._connection.patient(self._case.letter(3, WITHDRAWAL))
        return judge.emptied(reply, self._terms.clock(), wanted)

    async def _signature(self) -> Finding:
        return await self._forged(Check.SIGNATURE, "2", *with_wrong_key(self._partner, self._terms.mounted))

    async def _timestamp(self) -> Finding:
        case, stale = Case(self._partner, self._at, "3"), self._terms.clock() - STALE
        outcome = await self._connection.send(case.letter(1, NEW), at=stale)
        return judge.refuses(Check.TIMESTAMP, outcome, await self._connection.held(case))

    async def _token(self) -> Finding:
        return await self._forged(Check.TOKEN, "4", *with_wrong_token(self._partner, self._terms.mounted))

    async def _forged(self, check: Check, name: str, forged: Partner, secrets: Secrets) -> Finding:
        """Another case, sent with what is not ours."""
        case = Case(self._partner, self._at, name)
        outcome = await self._connected(forged, secrets).send(case.letter(1, NEW))
        return judge.refuses(check, outcome, await self._connection.held(case))

    async def _fetched(self, letter: Letter, outcome: Outcome) -> bool:
        """Where a partner fetches, whether it came for this in its time; elsewhere it was sent, and that is that."""
        if self._attendance is None or not isinstance(outcome, Offered):
            return True
        return await self._attendance.came(letter, self._terms.patience)

    async def _held(self, expected: Callable[[Held], bool]) -> Told:
        """What it holds. Who fetches may still be at it: then as soon as it is what is expected, or time is up."""
        told = await self._connection.held(self._case)
        if not isinstance(self._partner.channel, NotifiedPullChannel):
            return told
        until = monotonic() + self._terms.patience
        while isinstance(told, Held) and not expected(told) and monotonic() < until:
            await asyncio.sleep(LOOK_SECONDS)
            told = await self._connection.held(self._case)
        return told

    def _subscribed(self) -> Subscribing | None:
        how, channel, attendance = self._partner.feedback, self._partner.channel, self._attendance
        if attendance and isinstance(how, SubscriptionFeedback) and isinstance(channel, FhirChannel):
            return Subscribing(how, channel, self._connection, attendance.notified, self._case)
        return None

    def _connected(self, partner: Partner, secrets: Secrets) -> Connection:
        made = Connection(partner, self._terms, secrets, self._attendance)
        self._opened.push_async_callback(made.close)
        return made
