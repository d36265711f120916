"""WHY: a decision in sentences, Dutch or English, from nothing but what its audit entry holds."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from schemas import words
from schemas.code_words import called
from schemas.counted import counted
from schemas.decision import Effect, Explanation, RuleTrace, Seen
from schemas.help_words import BASES, HELP
from schemas.referral import Handling, ReferralChange
from schemas.told import Told
from schemas.words import Language, Words

REASONS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "area-unknown": Words("the area of the address is not known", "het gebied van het adres is niet bekend"),
        "no-partner": Words("nobody gives that help in this area", "niemand geeft die hulp in dit gebied"),
        "elsewhere": Words("it lies outside this partner's area now", "het ligt nu buiten het gebied van deze partner"),
        "partner-gone": Words("the partner is no longer there", "de partner is er niet meer"),
        "system-rule": Words("a machine's guess is never sent unseen", "wat een systeem afleidt, gaat nooit vanzelf"),
        "secret-address": Words("the address is secret", "het adres is geheim"),
        "condition-failed": Words("a condition could not be answered", "een voorwaarde was niet te beantwoorden"),
        "legal-basis": Words("the legal basis does not hold here", "de grondslag geldt hier niet"),
        "no-rule-fired": Words("no rule fired", "geen regel was van toepassing"),
        "emergency": Words("an emergency is never only recorded", "een noodgeval wordt nooit alleen vastgelegd"),
        "follow-up": Words("who was told before hears of changes", "wie eerder bericht kreeg, hoort elke wijziging"),
        "moved": Words(
            "it lies in the area of another partner now, who hears of it",
            "het ligt nu in het gebied van een andere partner, en die hoort ervan",
        ),
        "pattern": Words(
            "what signals of one household add up to is weighed by a person",
            "wat signalen van één huishouden samen zeggen, weegt een mens",
        ),
        "told-again": Words(
            "what was withdrawn is told again in the very same words",
            "wat was ingetrokken, is opnieuw zo gemeld als eerst",
        ),
        "rule": Words("the rule says so", "de regel zegt het"),
    }
)
"""Why a referral is sent or held, by its code. The router has a test that it has no other."""

NAMES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "kind": Words("noticed", "opgemerkt"),
        "urgency": Words("urgency", "urgentie"),
        "origin": Words("noticed by", "opgemerkt door"),
        "certainty": Words("certainty", "zekerheid"),
        "area": Words("area", "gebied"),
        "acute": Words("acute unsafety", "acute onveiligheid"),
        "structural": Words("structural unsafety", "structurele onveiligheid"),
        "disclosure": Words("told by victim or child", "verteld door slachtoffer of kind"),
        "children": Words("children in the house", "kinderen in huis"),
        "pregnant": Words("somebody pregnant", "iemand zwanger"),
        "weapon": Words("weapon", "wapen"),
        "staff_safety": Words("visit with two", "bezoek met twee"),
        "secret_address": Words("secret address", "geheim adres"),
        "violence": Words("types of violence", "soorten geweld"),
        "consent": Words("consent", "toestemming"),
        "informed": Words("those concerned know", "betrokkenen weten het"),
        "dash_score": Words("DASH score", "DASH-score"),
        "professional_judgement": Words("professional judgement", "professioneel oordeel"),
        "origin_code": Words("code of the tenant system", "code van het primaire systeem"),
        "test": Words("test", "test"),
        "by_a_person": Words("by a person", "door een mens"),
        "about_child": Words("about a child", "over een kind"),
        "about_violence": Words("about violence", "over geweld"),
        "acute_or_unknown": Words("acute unsafety not ruled out", "acute onveiligheid niet uitgesloten"),
        "structural_or_unknown": Words(
            "structural unsafety not ruled out", "structurele onveiligheid niet uitgesloten"
        ),
        "children_or_unknown": Words("children not ruled out", "kinderen niet uitgesloten"),
        "pregnant_or_unknown": Words("pregnancy not ruled out", "zwangerschap niet uitgesloten"),
        "violence_named": Words("type of violence named", "soort geweld genoemd"),
        "dash_done": Words("DASH done", "DASH afgenomen"),
        "dash_reaches_marac": Words("DASH reaches MARAC here", "DASH reikt hier tot MARAC"),
        "dash_reaches_idva": Words("DASH reaches IDVA here", "DASH reikt hier tot IDVA"),
    }
)
"""What a fact is called in a sentence; one that is not here keeps the name it has in a condition."""

_ANSWERS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "yes": Words("yes", "ja"),
        "no": Words("no", "nee"),
        "unknown": Words("not known", "niet bekend"),
        "not known": Words("not known", "niet bekend"),
        "none": Words("none", "geen"),
    }
)
_OPENING: Final[Mapping[ReferralChange, Words]] = MappingProxyType(
    {
        ReferralChange.NEW: Words("Referral to", "Verwijzing naar"),
        ReferralChange.UPDATE: Words("Update to", "Wijziging naar"),
        ReferralChange.WITHDRAWAL: Words("Withdrawal to", "Intrekking naar"),
    }
)
_HANDLING: Final[Mapping[Handling, Words]] = MappingProxyType(
    {
        Handling.SEND: Words("sent", "verstuurd"),
        Handling.HOLD: Words("held for a person", "voorgelegd aan een mens"),
    }
)
_NOBODY_YET: Final = Words("nobody yet", "nog niemand")
_FIRED: Final = Words("Rule {} fired, as", "Regel {} was van toepassing, want")
_ALWAYS: Final = Words("Rule {} fired", "Regel {} was van toepassing")
_BASIS: Final = Words("Legal basis", "Grondslag")
_UNAGREED: Final = Words("Shared without consent", "Gedeeld zonder toestemming")
_CALL: Final = Words("Telephone too: it is an emergency", "Bel ook: het is een noodgeval")
_ONLY_RECORDED: Final = Words("Nobody is told: {} only recorded", "Niemand krijgt bericht: {} legt alleen vast")
_NOBODY: Final = Words("Nobody was told of this signal", "Niemand kreeg bericht van dit signaal")


def of_decision(told: Sequence[Told], explanation: Explanation, language: Language) -> list[str]:
    """A sentence for each referral a decision led to; one that says why there is none."""
    if told:
        return [of_referral(one, explanation.fired, language) for one in told]
    if explanation.fired:
        names = ", ".join(trace.rule for trace in explanation.fired)
        return [f"{_ONLY_RECORDED.in_(language).format(names)}."]
    return [f"{_NOBODY.in_(language)}."]


def of_referral(told: Told, fired: Iterable[RuleTrace], language: Language) -> str:
    """Who is told, whether a person looks first, which rules say so, and what they saw."""
    own = [trace for trace in fired if _concerns(trace, told)]
    kind = words.told(HELP, told.kind, language) if told.kind else None
    whom = ", ".join(part for part in (told.partner, kind) if part)
    opening = f"{_OPENING[told.change].in_(language)} {whom or _NOBODY_YET.in_(language)}"
    parts = [f"{opening}, {_HANDLING[told.handling].in_(language)}: {reason(told.reason, language)}"]
    parts += [_rule(trace, language) for trace in own]
    if told.legal_basis and told.change is not ReferralChange.WITHDRAWAL:
        parts.append(f"{_BASIS.in_(language)}: {words.told(BASES, told.legal_basis, language)}")
    parts += [f"{_UNAGREED.in_(language)}: {text}" for text in dict.fromkeys(_unagreed(own))]
    if any("emergency-call" in (trace.note or "") for trace in own):
        parts.append(_CALL.in_(language))
    return ". ".join(parts) + "."


def reason(code: str, language: Language) -> str:
    """A code in words; one we do not know, from a later version, as it stands."""
    return words.told(REASONS, code, language)


def seen(values: Iterable[Seen], language: Language) -> str:
    """The values a condition looked at, as a list in a sentence."""
    return ", ".join(f"{_name(one.name, language)}: {value(one.value, language)}" for one in values)


def _concerns(trace: RuleTrace, told: Told) -> bool:
    """Whether that rule is why; a referral to a partner that is gone has none."""
    if trace.effect is Effect.RECORD:
        return False
    return trace.partner == told.partner if told.partner else trace.partner is None and trace.kind == told.kind


def _unagreed(traces: Iterable[RuleTrace]) -> Iterable[str]:
    """Why those rules let it be shared though nobody agreed; the sentence ends with a full stop of its own."""
    return (trace.without_consent.removesuffix(".") for trace in traces if trace.without_consent)


def _rule(trace: RuleTrace, language: Language) -> str:
    if not trace.seen:
        return _ALWAYS.in_(language).format(trace.rule)
    return f"{_FIRED.in_(language).format(trace.rule)} {seen(trace.seen, language)}"


def _name(name: str, language: Language) -> str:
    known = NAMES.get(name)
    return known.in_(language) if known else counted(name, language) or name


def value(code: str, language: Language) -> str:
    """A value of a fact in words; what has none, as a number or a name, as it stands."""
    known = _ANSWERS.get(code)
    return known.in_(language) if known else called(code, language) or code
