"""AMENDING: what a finding could not say when it was made: what a token endpoint answered, and what is ours to mend."""

from collections.abc import Sequence
from typing import Final

from schemas.partner import Partner
from services.notify.classify import AT_TOKEN_ENDPOINT
from services.notify.kit import our_certificate
from services.notify.kit.attending import Attendance
from services.notify.kit.connection import Terms
from services.notify.kit.heard import Heard
from services.notify.kit.judge import failed
from services.notify.kit.report import Finding
from services.notify.reply import Answer, NotSent
from services.notify.secrets import Secrets

_UNKNOWN: Final = 401


def amended(
    findings: Sequence[Finding],
    partner: Partner,
    heard: Sequence[Heard],
    terms: Terms,
    attendance: Attendance | None,
) -> Sequence[Finding]:
    """The findings of a trial; `heard` has all that went out and came back in it, `attendance` who came to us."""
    statuses = {each.reply.reason: each.reply.status for each in heard if isinstance(each.reply, NotSent)}
    named = [_with_status(each, statuses.get(each.reason or "")) for each in findings]
    if attendance is not None and (turned := attendance.notified.turned_away) is not None:
        named = [_of_who_came(each, turned) for each in named]
    answered = any(isinstance(each.reply, Answer) for each in heard)
    return our_certificate.rightly(named, partner, Secrets(terms.mounted), terms.clock(), answered=answered)


def _of_who_came(finding: Finding, turned_away: int) -> Finding:
    """Whoever was turned away did come: it is told why, and not that nobody came."""
    if finding.reason != "not-fetched":
        return finding
    return failed(finding.check, "came-as-another" if turned_away == _UNKNOWN else "came-for-something-else")


def _with_status(finding: Finding, status: int | None) -> Finding:
    at_token_endpoint = (finding.reason or "").startswith(AT_TOKEN_ENDPOINT)
    return finding.model_copy(update={"status": status}) if at_token_endpoint else finding
