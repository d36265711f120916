"""FINGERPRINT: what a partner's server is known by: what a report is proof of, and people vouch for. No secrets."""

from hashlib import sha256
from typing import Any, Final

import orjson

from schemas.partner import ClientCredentials, Partner, SmartBackend

OURS: Final = {"secret", "previous", "previous_until", "profiles"}
"""Of a channel: our own keys, which are changed now and then, and what we declare."""


def fingerprint(partner: Partner) -> str:
    """SHA-256, in hexadecimal.

    It is another one as soon as an address (of tokens too), where that may lie, who vouches for it, a pin, a way to let
    us in or a way to hear of them is another one, at the real address or at the test address: then a report of before
    says nothing of the partner.
    """
    tried = partner.on_trial
    receipts = None if partner.trial is None or partner.trial.receipts is None else str(partner.trial.receipts)
    known = {
        "feedback": partner.feedback and partner.feedback.type,
        "real": _known_by(partner),
        "receipts": receipts,
        "trial": tried and _known_by(tried),
    }
    return _digest(known)


def server(partner: Partner) -> str:
    """SHA-256, in hexadecimal, of the real server alone: its addresses, its pins and the way it lets us in.

    Two persons vouch for it. They do so while its test address is not there yet or is mended, which changes nothing.
    """
    return _digest(_known_by(partner))


def _digest(known: dict[str, Any]) -> str:
    return sha256(orjson.dumps(known, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _known_by(partner: Partner) -> dict[str, Any]:
    how = partner.authentication
    known: dict[str, Any] = {
        "authentication": how and how.type,
        "channel": partner.channel.model_dump(mode="json", exclude=OURS),
        "pins": sorted(partner.tls.pins),
    }
    # What an entry does not have is not in it, so that whoever was checked before these counted need not be again.
    if isinstance(how, ClientCredentials | SmartBackend):
        known["tokens"] = str(how.token_url)
    if partner.tls.authorities is not None:
        known["authorities"] = partner.tls.authorities
    if partner.allow_networks:
        known["networks"] = sorted(partner.allow_networks)
    return known
