"""DESK VIEW: a dossier in words, row by row, in the reader's language. Codes stand beside the words."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from schemas import code_words, why
from schemas.codes import Kind, LegalBasis
from schemas.decision import RuleTrace
from schemas.declined_words import DECLINED
from schemas.delivery import DeliveryState
from schemas.help_words import BASES, HELP, OBJECTIONS
from schemas.legal import Country
from schemas.local_day import clock_in
from schemas.reason_words import beside
from schemas.referral import Handling
from schemas.signal import Facts
from schemas.words import Language, Words, told
from services.notify import desk_words as words
from services.notify.dossier import Choice, Dossier, Past
from services.notify.lanes import SUPERSEDED
from services.notify.rerouting import turned_down
from services.notify.words import KINDS

Row = tuple[str, str]
"""A label, and what stands beside it; the label is empty where a row goes on."""

SHOWN: Final = "%Y-%m-%d %H:%M"
_TABLES: Final[Mapping[str, Mapping[str, Words]]] = {
    "urgency": code_words.URGENCIES,
    "origin": code_words.ORIGINS,
    "certainty": code_words.CERTAINTIES,
    "consent": code_words.CONSENTS,
    "violence": code_words.VIOLENCE,
}
_PASSED_OVER: Final = frozenset({"kind", "country", "household", "observed_at"})
"""Told elsewhere, or nothing a person decides by."""


def left(deadline: datetime, now: datetime, language: Language) -> str:
    """How long until then, in one or two units; or how long ago that was."""
    gap = deadline - now
    span = _span(abs(gap))
    return span if gap > timedelta() else f"{span} {words.LATE.in_(language)}"


def kind(code: Kind, language: Language) -> str:
    """What was noticed, in words."""
    return KINDS["NL" if language == "nl" else "GB"][code]


def held_for(reason: str | None, language: Language) -> str:
    """Why a referral waits for a person."""
    own = words.HELD_BY_US.get(reason or "")
    return own.in_(language) if own else why.reason(reason or "", language)


def since(*, withdrawn: bool, language: Language) -> str:
    """What came after a call was opened."""
    return (words.TAKEN_BACK if withdrawn else words.NEWER).in_(language)


def declined(reason: str, language: Language) -> str:
    """Why a command was not carried out, and what to do."""
    if reason.startswith("is-") and (state := words.STATES.get(reason.removeprefix("is-"))):
        return f"{words.IS.in_(language)} {state.in_(language)}"
    return told(DECLINED, reason, language)


def with_bases(said: str, possible: Sequence[LegalBasis], command: str, partner: str, language: Language) -> str:
    """What was said, then every basis that can be stated, a line each, and the command with the first as an example."""
    if not possible:
        return f"{said}\n{words.NO_BASIS.in_(language)}"
    lines = (f"  {line}" for line in _bases(possible, language))
    example = f'{command} --partner {partner} --basis {possible[0]} --reason "…" --actor …'
    return "\n".join((said, *lines, f"{words.EXAMPLE.in_(language)}: {example}"))


def facts(about: Facts, language: Language) -> Iterator[Row]:
    """What was noticed, and what is known of it. What is not known is told too: about danger it counts as yes."""
    yield words.NOTICED.in_(language), f"{kind(about.kind, language)} ({about.kind})"
    if about.observed_at:
        yield words.OBSERVED.in_(language), clock_in(about.country, about.observed_at)
    for name in Facts.model_fields:
        value = getattr(about, name)
        if name not in _PASSED_OVER and value not in {None, False, ()}:
            yield why.NAMES[name].in_(language), _value(name, value, language)


def rows(of: Dossier, now: datetime, language: Language) -> Iterator[Row]:
    """All of it, in the order in which one decides."""
    line, referral = of.line, of.referral
    yield words.REFERRAL.in_(language), str(line.referral)
    yield words.CASE.in_(language), f"{line.signal}, {words.REVISION.in_(language)} {line.revision}"
    yield words.OF.in_(language), of.corporation
    yield words.STATE.in_(language), told(words.STATES, line.state, language)
    if not line.final:
        by = clock_in(referral.facts.country, line.deadline)
        yield words.DEADLINE.in_(language), f"{by}, {left(line.deadline, now, language)}"
    passed = f" ({words.ESCALATED.in_(language)} {of.step} x)" if of.step else ""
    yield words.WITH.in_(language), (of.assigned_to or words.NOBODY.in_(language)) + passed
    yield from _why(of, language)
    yield from facts(referral.facts, language)
    for trace in referral.explanation.fired:
        yield words.RULE.in_(language), _rule(trace, language)
    yield words.TO.in_(language), _to(of.to, language) if of.to else words.NOBODY.in_(language)
    yield words.BASIS.in_(language), _basis(of, language)
    named = [one for one in of.choices if one.proposed]
    if turned_down(line):
        said = [_proposal(one, language) for one in named] or [words.NOBODY_PROPOSED.in_(language)]
        yield from _labelled(words.PROPOSED.in_(language), iter(said))
    rest = (_choice(one, language) for one in of.choices if not one.proposed)
    yield from _labelled(words.CHOICES.in_(language), rest)
    yield from _labelled(words.STATABLE.in_(language), _bases(_statable(of), language))
    yield from _labelled(
        words.HISTORY.in_(language), (_past(one, referral.facts.country, language) for one in of.history)
    )
    if line.state is DeliveryState.HELD:
        short = str(line.referral)[:8]
        release = _chosen(of) + (" --basis …" if _statable(of) else "")
        asked = {"release": release, "dismiss": "", "reassign": " --to …"}
        commands = (f"seinpaal held {what} {short}{more} --reason … --actor …" for what, more in asked.items())
        yield from _labelled(words.DO.in_(language), commands)
    if newest := _in_its_place(of):
        yield words.DO.in_(language), f"seinpaal held show {str(newest.referral)[:8]}"


def _why(of: Dossier, language: Language) -> Iterator[Row]:
    """Why it waits; of one that no longer does, why it stands as it does, or what made it wait before it was dismissed.

    What was sent first may have waited for another reason, which only the trail knows.
    """
    line, referral = of.line, of.referral
    match line.state:
        case DeliveryState.HELD:
            yield words.WHY.in_(language), held_for(line.reason or referral.reason, language)
        case DeliveryState.DISMISSED:
            if referral.handling is Handling.HOLD and not line.attempts:
                yield words.WHY_IT_WAS.in_(language), held_for(referral.reason, language)
        case _:
            known = line.reason is None or line.reason in words.HELD_BY_US
            said = held_for(line.reason or referral.reason, language) if known else beside(line.reason or "", language)
            yield words.CALL_WHY.in_(language), said


def _in_its_place(of: Dossier) -> Past | None:
    """The newest revision for whom this one was for, where one took its place."""
    line = of.line
    later = [one for one in of.history if one.actor is None and one.revision > line.revision]
    same = [one for one in later if one.to == (line.partner or line.recipient)]
    return max(same or later, key=attrgetter("revision"), default=None) if line.reason == SUPERSEDED else None


def _labelled(label: str, texts: Iterator[str]) -> Iterator[Row]:
    for number, text in enumerate(texts):
        yield "" if number else label, text


def _value(name: str, value: object, language: Language) -> str:
    if value is True:
        return words.YES.in_(language)
    if name in _TABLES:
        codes = value if isinstance(value, tuple) else (value,)
        return ", ".join(told(_TABLES[name], str(code), language) for code in codes)
    own = name == "origin_code"  # theirs, as they write it, also where ours is called so
    return str(value) if own else why.value(str(value), language)


def _rule(trace: RuleTrace, language: Language) -> str:
    seen = why.seen(trace.seen, language)
    notes = ", ".join(held_for(note, language) for note in (trace.note or "").split(",") if note)
    return " · ".join(part for part in (trace.rule, seen, notes) if part)


def _to(choice: Choice, language: Language) -> str:
    help_ = told(HELP, choice.kind, language) if choice.kind else ""
    return f"{', '.join(filter(None, (choice.name, help_, choice.telephone)))} ({choice.partner})"


def _basis(of: Dossier, language: Language) -> str:
    code = of.line.legal_basis or of.referral.legal_basis
    if code is None:
        return words.NONE.in_(language)
    verdict = {True: words.HOLDS, False: words.NOT, None: None}[of.basis_holds]
    return f"{told(BASES, code, language)}" + (f": {verdict.in_(language)}" if verdict else "")


def _choice(one: Choice, language: Language) -> str:
    against = [told(OBJECTIONS, each, language) for each in one.objections]
    return "; ".join([_for_help(one, language), *against, *([words.HAD.in_(language)] if one.had else [])])


def _proposal(one: Choice, language: Language) -> str:
    return f"{_for_help(one, language)}; {told(words.PROPOSES, str(one.proposed), language)}"


def _for_help(one: Choice, language: Language) -> str:
    help_ = told(HELP, one.kind, language) if one.kind else "?"
    return f"{one.partner}: {help_}, {words.MAY.in_(language)} {', '.join(one.bases) or '-'}"


def _chosen(of: Dossier) -> str:
    """What a release must say of whom it goes to: the rule's first proposal, as an example, with what it overrides."""
    first = next((one for one in of.choices if one.proposed), None)
    if of.to is not None or not of.choices:
        return ""
    if first is None:
        return " --partner …"
    return f" --partner {first.partner}" + "".join(f" --despite {each}" for each in first.objections)


def _statable(of: Dossier) -> list[LegalBasis]:
    """What `--basis` takes here, while no basis holds: for whom it goes to, or for one of those that can be chosen."""
    among = of.choices if of.to is None else (of.to,)
    if of.basis_holds:
        among = tuple(one for one in of.choices if one.proposed and one.kind is not of.line.kind)
    return [one for one in LegalBasis if any(one in choice.bases for choice in among)]


def _bases(possible: Sequence[LegalBasis], language: Language) -> Iterator[str]:
    """Each with the code that a command takes first: what it is, and when it permits."""
    width = max(map(len, possible), default=0)
    for one in possible:
        yield f"{one:<{width}}  {told(BASES, one, language)}: {told(words.HOLDS_WHEN, one, language)}"


def _past(one: Past, country: Country, language: Language) -> str:
    what = told(words.ACTIONS, one.what, language) if one.actor else told(words.STATES, one.what, language)
    who = f"{words.BY.in_(language)} {one.actor}" if one.actor else ""
    refusal = f"{words.REFUSED.in_(language)}: {declined(one.refusal, language)}" if one.refusal else ""
    reason = one.reason if one.actor or not one.reason else beside(one.reason, language)
    parts = (f"{words.REVISION.in_(language)} {one.revision}", one.to, " ".join(filter(None, (what, who))))
    return f"{clock_in(country, one.at)} " + " · ".join(filter(None, (*parts, reason, refusal)))


def _span(gap: timedelta) -> str:
    minutes = int(gap.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
