"""Why, in sentences: for who may ask of any referral, in Dutch and in English."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas import ids, why
from schemas.codes import LegalBasis, PartnerKind
from schemas.decision import Effect, Explanation, RuleTrace, Seen
from schemas.help_words import BASES
from schemas.referral import Handling, ReferralChange
from schemas.told import Told
from schemas.words import Words

VERSION = "0" * 64


def told(partner: str | None = "vt", kind: PartnerKind | None = PartnerKind.VEILIG_THUIS, **given: Any) -> Told:
    """A referral that is sent because a rule says so, unless told otherwise."""
    return Told(
        **{
            "referral": ids.derived(ids.NAMESPACE, "referral"),
            "change": ReferralChange.NEW,
            "handling": Handling.SEND,
            "reason": "rule",
            "partner": partner,
            "kind": kind,
            "legal_basis": LegalBasis.WMO_5_2_6,
            "deadline": datetime(2026, 3, 2, tzinfo=UTC),
            **given,
        }
    )


def fired(rule: str, partner: str | None = "vt", effect: Effect = Effect.REFER, **given: Any) -> RuleTrace:
    """A rule that fired for Veilig Thuis."""
    saw = (Seen(name="kind", value="threat"), Seen(name="acute", value="unknown"))
    return RuleTrace(rule=rule, effect=effect, kind=PartnerKind.VEILIG_THUIS, partner=partner, seen=saw, **given)


def test_a_referral_is_told_with_its_rule_what_it_saw_and_its_basis() -> None:
    """Everything a person needs to agree or to object, in one go."""
    assert why.of_referral(told(), [fired("violence")], "en") == (
        "Referral to vt, Veilig Thuis (safe at home), sent: the rule says so. "
        "Rule violence fired, as noticed: threat, acute unsafety: not known. "
        "Legal basis: right to report to Veilig Thuis (Wmo 2015, 5.2.6)."
    )
    assert why.of_referral(told(), [fired("violence")], "nl") == (
        "Verwijzing naar vt, Veilig Thuis, verstuurd: de regel zegt het. "
        "Regel violence was van toepassing, want opgemerkt: bedreiging, acute onveiligheid: niet bekend. "
        "Grondslag: meldrecht Veilig Thuis (Wmo 2015, art. 5.2.6)."
    )


def test_only_the_rules_that_point_there_are_told() -> None:
    """Not those for another partner, nor those that only record, nor those for the same kind of help elsewhere."""
    others = [fired("other", "opvang"), fired("nobody-there", None), fired("quiet", effect=Effect.RECORD)]
    sentence = why.of_referral(told(), [fired("violence"), *others], "en")
    assert [name for name in ("violence", "other", "nobody-there", "quiet") if f"Rule {name} " in sentence] == [
        "violence"
    ]
    sentence = why.of_referral(told(None), [fired("violence"), *others], "en")
    assert "Rule nobody-there " in sentence
    assert "Rule violence " not in sentence


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"partner": None, "kind": None, "legal_basis": None, "handling": "hold", "reason": "no-rule-fired"},
            "Referral to nobody yet, held for a person: no rule fired.",
        ),
        (
            {"change": "update", "reason": "follow-up"},
            "Update to vt, Veilig Thuis (safe at home), sent: who was told before hears of changes. Legal basis: "
            + BASES["wmo-2015-5.2.6"].en
            + ".",
        ),
        (
            {"change": "withdrawal", "reason": "follow-up"},
            "Withdrawal to vt, Veilig Thuis (safe at home), sent: who was told before hears of changes.",
        ),
    ],
)
def test_a_referral_without_a_rule_says_why_too(given: dict[str, Any], sentence: str) -> None:
    """Nothing is ever sent or held without a reason."""
    given = {**given, "handling": Handling(given.get("handling", "send"))}
    given["change"] = ReferralChange(given.get("change", "new"))
    assert why.of_referral(told(**given), [], "en") == sentence


def test_an_emergency_says_that_somebody_must_telephone() -> None:
    """An electronic referral alone is not enough."""
    sentence = why.of_referral(told(), [fired("violence", note="legal-basis,emergency-call")], "nl")
    assert sentence.endswith("Bel ook: het is een noodgeval.")


def test_a_decision_that_tells_nobody_says_why() -> None:
    """Only recorded, or nobody left to tell."""
    quiet = Explanation(rule_set=VERSION, fired=(fired("quiet", None, Effect.RECORD),))
    assert why.of_decision([], quiet, "en") == ["Nobody is told: quiet only recorded."]
    assert why.of_decision([], Explanation(rule_set=VERSION), "nl") == ["Niemand kreeg bericht van dit signaal."]
    assert len(why.of_decision([told(), told("opvang")], quiet, "en")) == 2


def test_what_a_later_version_says_is_told_as_it_stands() -> None:
    """A code, a name or a value we have no words for is better than none."""
    trace = RuleTrace(rule="new", effect=Effect.REFER, partner="vt", seen=(Seen(name="moon", value="full"),))
    sentence = why.of_referral(told(reason="brand-new"), [trace], "nl")
    assert "brand-new" in sentence
    assert "moon: full" in sentence


def test_both_languages_have_words_of_their_own() -> None:
    """A copy that nobody translated would stand out."""
    tables: list[tuple[str, Words]] = [*why.REASONS.items(), *why.NAMES.items()]
    assert [name for name, words in tables if words.en == words.nl] == ["test"]
