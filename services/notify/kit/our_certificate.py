"""OUR CERTIFICATE: what is amiss with the one that we show, or do not, is not put down to the partner."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from schemas.partner import Partner
from services.notify.client_certificate import client_certificate
from services.notify.kit.judge import failed
from services.notify.kit.report import Check, Finding, Verdict
from services.notify.secrets import Secrets

REFUSED: Final = "client-certificate-refused"
MISSING: Final = "client-certificate-missing"
NOT_VALID: Final = "client-certificate-not-valid"
UNANSWERED: Final = "client-certificate-unanswered"
CLOSED: Final = "disconnected"


def rightly(
    findings: Sequence[Finding], partner: Partner, secrets: Secrets, at: datetime, *, answered: bool
) -> Sequence[Finding]:
    """The findings of a trial at that moment, with what is ours to mend told to be that.

    Who looks at our certificate in its proxy answers 400 and says no more, so one that does not hold is told of by
    itself, whatever came back. And under TLS 1.3 the word that it is not trusted comes after ours have gone, and is
    lost with the connection now and then: so where nothing was `answered` at all, that may be why.
    """
    ours = client_certificate(partner.tls, secrets)
    if ours is None:
        return [failed(each.check, MISSING) if each.reason == REFUSED else each for each in findings]
    if ours.since <= at < ours.until:
        silent = () if answered else (CLOSED,)
        return [failed(each.check, UNANSWERED) if each.reason in silent else each for each in findings]
    return [failed(each.check, NOT_VALID) if _by_it(each) else each for each in findings]


def _by_it(finding: Finding) -> bool:
    shown = finding.check is Check.TLS and finding.verdict is not Verdict.NOT_ASKED
    return shown or finding.reason == REFUSED
