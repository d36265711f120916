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


def shown_elsewhere(partner: Partner, tried: Partner) -> str | None:
    """What `trial` must have of its own, or another server would be shown the real one's; None when nothing is shown.

    What lets us in there: a key, or a token that it buys. And where a Subscription is made, what lets the partner in
    with us, as it stands in that: whoever runs a test server could fetch real referrals by it. A sandbox on this
    machine is nobody else's.
    """
    real, test, trial = partner.channel, tried.channel, partner.trial
    if trial is None or isinstance(real, InboxChannel) or isinstance(test, InboxChannel):
        return None
    reached = [URL(str(url)) for url in (real.url, test.url, trial.receipts) if url is not None]
    here = all(is_loopback(url.host or "") for url in reached)
    if here or len({url.origin() for url in reached}) == 1:
        return None
    if partner.authentication is not None and trial.authentication is None:
        return "authentication"
    subscribes = isinstance(partner.feedback, SubscriptionFeedback) and bool(partner.access.tokens)
    return "access" if subscribes and trial.access is None else None


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
