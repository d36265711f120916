"""AMENDING: what a finding could not say when it was made: what a token endpoint answered, and what is ours to mend."""

from collections.abc import Sequence

from schemas.partner import Partner
from services.notify.classify import AT_TOKEN_ENDPOINT
from services.notify.kit import our_certificate
from services.notify.kit.connection import Terms
from services.notify.kit.heard import Heard
from services.notify.kit.report import Finding
from services.notify.reply import Answer, NotSent
from services.notify.secrets import Secrets


def amended(findings: Sequence[Finding], partner: Partner, heard: Sequence[Heard], terms: Terms) -> Sequence[Finding]:
    """The findings of a trial; `heard` has all that went out and came back in it."""
    statuses = {each.reply.reason: each.reply.status for each in heard if isinstance(each.reply, NotSent)}
    named = [_with_status(each, statuses.get(each.reason or "")) for each in findings]
    answered = any(isinstance(each.reply, Answer) for each in heard)
    return our_certificate.rightly(named, partner, Secrets(terms.mounted), terms.clock(), answered=answered)


def _with_status(finding: Finding, status: int | None) -> Finding:
    at_token_endpoint = (finding.reason or "").startswith(AT_TOKEN_ENDPOINT)
    return finding.model_copy(update={"status": status}) if at_token_endpoint else finding
