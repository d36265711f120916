"""TELLING: a report in sentences, in Dutch or English. Pure."""

from dataclasses import dataclass

from schemas.words import Language, Words
from services.notify.classify import AT_TOKEN_ENDPOINT as TOKEN
from services.notify.kit.reason import Reason
from services.notify.kit.reasons import REASONS, UNKNOWN
from services.notify.kit.reasons_where import AT_TOKEN, BY_STATUS, ON_CHANNEL, THERE
from services.notify.kit.report import Finding, Report, Verdict
from services.notify.kit.words import DID, HTTP, NAMES, NOT_DONE, NOT_READY, READY, TOOK, UNTIL, VERDICTS


@dataclass(frozen=True, slots=True)
class Told:
    """One finding as a person reads it: its name and verdict, what we did, what came back, what must change."""

    name: str
    verdict: str
    did: str
    came: str
    must: str


def told(finding: Finding, language: Language, channel: str) -> Told:
    """Nothing in it is from an answer: codes and numbers only, in our own words for that type of channel."""
    reason = _reason_of(finding, channel)
    values = {"status": finding.status, "count": finding.count, "reason": finding.reason}
    values["seconds"] = f"{finding.seconds:g}" if finding.seconds is not None else ""
    came = [] if finding.status is None else [HTTP.in_(language)]
    if reason is not None:
        came.append(reason.came.in_(language))
    elif finding.seconds is not None:
        came.append(TOOK.in_(language))
    must = reason.must.in_(language) if reason and reason.must and finding.stands_in_the_way else ""
    return Told(
        NAMES[finding.check].in_(language),
        VERDICTS[finding.verdict].in_(language),
        "" if finding.verdict is Verdict.NOT_ASKED or finding.reason in NOT_DONE else DID[finding.check].in_(language),
        " ".join(came).format(**values),
        must.format(**values),
    )


def conclusion(report: Report, language: Language, counts: Words = UNTIL) -> str:
    """Whether the partner is ready, and what that counts for: `UNTIL`, `NOT_KEPT` or `OTHER_ENTRY`."""
    if report.until is None:
        count, all_ = len(report.failed), len(report.findings)
        return NOT_READY.in_(language).format(partner=report.partner, count=count, all=all_)
    said = f"{READY.in_(language)} {counts.in_(language)}"
    return said.format(partner=report.partner, until=f"{report.until:%Y-%m-%d}")


def _reason_of(finding: Finding, channel: str) -> Reason | None:
    code = finding.reason
    if code is None:
        return None
    if code.startswith(TOKEN):
        return _at_token_endpoint(code.removeprefix(TOKEN))
    if (own := BY_STATUS.get((code, finding.status or 0))) is not None:
        return own
    return ON_CHANNEL.get(channel, {}).get(code) or REASONS.get(code, UNKNOWN)


def _at_token_endpoint(code: str) -> Reason:
    if (own := AT_TOKEN.get(code)) is not None:
        return own
    same = REASONS.get(code, UNKNOWN)
    return Reason(Words(f"{THERE.en} {same.came.en}", f"{THERE.nl} {same.came.nl}"), same.must)
