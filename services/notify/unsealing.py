"""UNSEALING: a claimed line becomes a letter: its referral read, its particulars unsealed under the case's key."""

from schemas.message import Malformed
from schemas.referral import Referral, ReferralChange
from schemas.signal import Particulars
from schemas.topics import SIGNALS
from services.keyring.seal import DataKey, SealBroken, unseal
from services.notify.channel import Unsendable
from services.notify.claims import Claim
from services.notify.directory import Directory
from services.notify.letter import NOTHING, Letter
from services.notify.line import Line


def opened(claim: Claim, key: DataKey | None, directory: Directory) -> Letter:
    """What is to be packed. `key` is None when the case's key was destroyed; a withdrawal needs none.

    Raises:
        Unsendable: when it cannot be sent, now or later; a person must look.
    """
    line = claim.line
    partner = directory.partners.get(line.partner or "")
    corporation = directory.corporations.get(line.corporation)
    if partner is None or corporation is None:
        raise Unsendable("unknown-partner" if partner is None else "unknown-corporation")
    try:
        referral = _stated(Referral.read(claim.content), line)
        return Letter(referral, line.kind, _particulars(referral, key), partner, corporation, line.recipient)
    except Malformed:
        raise Unsendable("not-our-schema") from None


def _stated(referral: Referral, line: Line) -> Referral:
    """On the legal basis that a person stated, where one did."""
    return referral if line.legal_basis is None else referral.model_copy(update={"legal_basis": line.legal_basis})


def _particulars(referral: Referral, key: DataKey | None) -> Particulars:
    if referral.change is ReferralChange.WITHDRAWAL:
        return NOTHING
    if key is None:
        raise Unsendable("key-destroyed")
    try:
        raw = unseal(key, referral.particulars, topic=SIGNALS.name, signal=referral.signal)
    except SealBroken:
        raise Unsendable("seal-broken") from None
    return Particulars.read(raw)
