"""SCOPE: which checks are not for a partner, and why, by its entry alone: known before anything is sent. Pure."""

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
