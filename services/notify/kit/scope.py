"""SCOPE: which checks are not for a partner, and why, by its entry alone: known before anything is sent. Pure."""

from yarl import URL

from schemas.feedback import SubscriptionFeedback
from schemas.partner import FhirChannel, InboxChannel, Partner, Signing
from services.notify.kit.report import Check
from services.runtime.loopback import is_loopback


def at_real_address(partner: Partner, tried: Partner) -> bool:
    """Whether a trial would come where people read real referrals: no address, destination or login of its own.

    What is on this machine is somebody's sandbox.
    """
    real, test = partner.channel, tried.channel
    if not partner.live or isinstance(real, InboxChannel) or isinstance(test, InboxChannel):
        return False
    logins = [(each.authentication, each.tls.certificate) for each in (partner, tried)]
    if is_loopback((real.url.host or "").strip("[]")) or logins[0] != logins[1]:
        return False
    return (test.url, getattr(test, "destination", None)) == (real.url, getattr(real, "destination", None))


def shows_real_login(partner: Partner, tried: Partner) -> bool:
    """Whether a trial would show another server what lets us in at the real one: a key, or a token that it buys.

    Whoever runs a test server could come in by it as us. A sandbox on this machine is nobody else's.
    """
    real, test, trial = partner.channel, tried.channel, partner.trial
    if trial is None or isinstance(real, InboxChannel) or isinstance(test, InboxChannel):
        return False
    if partner.authentication is None or trial.authentication is not None:
        return False
    reached = [URL(str(url)) for url in (real.url, test.url, trial.receipts) if url is not None]
    here = all(is_loopback(url.host or "") for url in reached)
    return not here and len({url.origin() for url in reached}) > 1


def unasked(check: Check, partner: Partner) -> str | None:
    """Why it is not asked of this partner, as a code of `reasons.py`; None when it is."""
    return _unasked(partner).get(check)


def _unasked(partner: Partner) -> dict[Check, str]:
    channel = partner.channel
    found = {}
    if isinstance(channel, InboxChannel) or channel.url.scheme != "https":
        found[Check.TLS] = "within-networks"
    if not isinstance(channel, FhirChannel):
        found |= {Check.ASKED: "cannot-be-asked", Check.EMPTIED: "no-patient-made"}
    if partner.feedback is None:
        found[Check.STATUS] = "no-feedback"
    if not isinstance(partner.feedback, SubscriptionFeedback):
        found[Check.SUBSCRIPTION] = "no-subscription"
    if not isinstance(channel, Signing):
        found |= {Check.SIGNATURE: "not-signed", Check.TIMESTAMP: "not-signed"}
    if partner.authentication is None:
        found[Check.TOKEN] = "no-authentication"
    return found
