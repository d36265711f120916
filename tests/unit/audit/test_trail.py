"""The story of one signal."""

from datetime import timedelta
from uuid import UUID

import pytest

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import LegalBasis, PartnerKind, Stage
from schemas.command import Objection
from schemas.decision import Effect, RuleTrace
from schemas.delivery import DeliveryState
from schemas.progress import Progress
from schemas.referral import Handling, ReferralChange
from schemas.told import Told
from services.audit.line import Line
from services.audit.trail import Fired, Subject, chosen, due, fired, span, tell, why
from services.runtime.errors import Refused
from tests.unit.audit.samples import PARTNER, START, decided, fact, signal, story


def lines(entries: list[AuditEntry]) -> list[Line]:
    """As they stand in the log."""
    return [Line(index, entry, entry.write()) for index, entry in enumerate(entries)]


def test_a_story_is_told_in_the_order_of_the_log() -> None:
    """One step a line, by index, whatever order the lines were found in and whatever their clocks say."""
    steps = tell(list(reversed(lines(story(1)))))
    assert [step.index for step in steps] == [0, 1, 2, 3, 4]
    assert [step.fact for step in steps] == [entry.fact for entry in story(1)]
    wrong_clock = [
        entry.model_copy(update={"at": START - timedelta(days=place)}) for place, entry in enumerate(story(1))
    ]
    assert [step.index for step in tell(lines(wrong_clock))] == [0, 1, 2, 3, 4]


def test_a_decision_tells_the_rule_its_condition_and_what_it_saw() -> None:
    """Rule, effect, partner, legal basis, the condition as written and the values it had."""
    assert tell(lines(story(1)))[1].rules == (
        Fired(
            rule="acute-danger",
            to=f"refers to {PARTNER}",
            condition="facts.acute != 'no' && facts.disclosure",
            seen=("facts.acute = yes", "facts.disclosure = true"),
            basis="wmo-2015-5.2.6",
            note="",
        ),
    )


def test_a_rule_tells_in_words_whom_it_meant_and_why_it_does_other_than_it_says() -> None:
    """In both languages; a code that has no words in one of them stays."""
    trace = RuleTrace(
        rule="nl-schade", effect=Effect.HOLD, kind=PartnerKind.WOMENS_SHELTER, note="legal-basis,emergency-call"
    )
    dutch, english = fired(trace, "nl"), fired(trace, "en")
    assert dutch.to.endswith(" vrouwenopvang")
    assert dutch.note == "de grondslag geldt hier niet, bel ook (emergency-call)"
    assert english.to.endswith(" women's shelter")
    assert english.note == "the legal basis does not hold here, emergency-call"
    assert fired(trace.model_copy(update={"note": None}), "nl").note == ""


def test_a_decision_says_of_every_referral_why() -> None:
    """From the entry alone. One from before referrals were told has its rules, and no sentence that may be wrong."""
    known = decided(1)
    assert tell(lines([known]))[0].because == ()
    told = Told(
        referral=ids.referral_id(signal(1), PARTNER, 1),
        change=ReferralChange.NEW,
        handling=Handling.HOLD,
        reason="secret-address",
        partner=PARTNER,
        deadline=START,
    )
    (sentence,) = tell(lines([known.model_copy(update={"told": (told,)})]), "nl")[0].because
    assert sentence.startswith(f"Verwijzing naar {PARTNER}, voorgelegd aan een mens: het adres is geheim.")
    assert "Regel acute-danger was van toepassing" in sentence
    assert tell(lines([decided(1, count=0)]))[0].because == ("Nobody is told: acute-danger only recorded.",)


def test_an_attempt_tells_partner_answer_reason_and_when_next() -> None:
    """What an operator needs to know about a delivery that did not succeed yet."""
    attempt = tell(lines(story(1)))[3]
    assert attempt.sentence == "Delivery tried"
    assert attempt.why == f"{PARTNER} · attempt 1 · HTTP 503 · try-later"
    assert (due(attempt.fact), attempt.due_at) == ("next at", START + timedelta(seconds=32))


def test_a_state_is_told_unless_the_fact_itself_says_it() -> None:
    """`Delivered → delivered` says nothing; a change that nobody would expect is told."""
    done = story(1)[4]
    assert why(done).endswith("accepted")
    odd = done.model_copy(update={"after": DeliveryState.PARKED})
    assert why(odd).endswith("accepted · → parked")
    assert why(done.model_copy(update={"after": done.before})).endswith("accepted")


def test_a_count_of_nothing_is_told_of_a_decision_only() -> None:
    """No referral at all is news; no count elsewhere is none. Beside it stands the version that decided."""
    version = f"by rules version {'0' * 12}"
    assert why(decided(1, count=0)) == f"0 referrals · {version}"
    assert why(decided(1, count=1)) == f"1 referral · {version}"
    assert why(fact(Fact.SIGNAL_DUPLICATE, Stage.ROUTER, cause=1, count=0)) == ""
    assert why(fact(Fact.BSN_REMOVED, Stage.INGEST, cause=1, count=2)) == "(2)"


def test_dutch_is_dutch() -> None:
    """Sentence and reason in the language asked for."""
    step = tell(lines(story(1)), "nl")[3]
    assert step.sentence == "Bezorging geprobeerd"
    assert "poging 1" in step.why


def test_a_hostile_field_name_cannot_steer_a_terminal() -> None:
    """Escape sequences and characters that turn text around are shown as what they are: not printable."""
    entry = fact(Fact.RECORD_PARKED, Stage.INGEST, cause=1, reason="unreadable", field="a\x1b[2Jb\u202ec\nd")
    assert why(entry) == "unreadable · field a�[2Jb�c�d"


@pytest.mark.parametrize("text", ["3f2a9c1", "3f2a9c1g", "", "3f2a9c1e" * 4 + "0", "'; drop"])
def test_what_is_no_id_is_refused(text: str) -> None:
    """Too short, too long, or no hex digits."""
    with pytest.raises(Refused, match="an id has 32 hex digits"):
        span(text)


def test_the_beginning_of_an_id_spans_all_ids_that_begin_so() -> None:
    """Dashes and capitals make no difference; a whole id spans itself."""
    assert span("3F2A9C1E-00") == (
        UUID("3f2a9c1e-0000-0000-0000-000000000000"),
        UUID("3f2a9c1e-00ff" + "-ffff" * 2 + "-" + "f" * 12),
    )
    assert span(str(signal(1))) == (signal(1), signal(1))


def test_one_subject_is_meant_or_none() -> None:
    """Nothing found and several found are refused, with what to do; several are listed."""
    one, other = Subject(signal(1)), Subject(signal(2))
    assert chosen("3f2a9c1e", [one]) == one
    with pytest.raises(Refused, match="nothing in the log"):
        chosen("3f2a9c1e", [])
    with pytest.raises(Refused, match=f"more than one: {signal(1)}, {signal(2)}"):
        chosen("3f2a9c1e", [one, other])


def test_progress_is_told_in_words() -> None:
    """Who follows a signal sees what the partner said, in both languages, and why when it said no."""
    entry = fact(
        Fact.PROGRESS_CHANGED,
        Stage.NOTIFY,
        cause=signal(1),
        progress=Progress.REJECTED,
        reason="not-in-area",
        partner=PARTNER,
    )
    assert why(entry) == f"{PARTNER} · turned down · not-in-area"
    assert why(entry, "nl") == f"{PARTNER} · afgewezen · niet in ons gebied (not-in-area)"


def test_a_release_tells_on_what_basis_and_over_what_warning_somebody_decided() -> None:
    """The rules said that theirs does not hold: who reads the story sees on which one it was shared after all."""
    entry = fact(
        Fact.REFERRAL_RELEASED,
        Stage.NOTIFY,
        cause=signal(1),
        partner=PARTNER,
        reason="besproken",
        actor="af-1",
        legal_basis=LegalBasis.COVENANT,
        despite=(Objection.NOT_IN_AREA,),
    )
    basis, against = "het convenant met lokale partners", "helpt niet in dit gebied"
    assert why(entry, "nl") == f"{PARTNER} · besproken · door af-1 · genoemde grondslag: {basis} · ondanks: {against}"
    without = entry.model_copy(update={"legal_basis": None, "despite": None})
    assert why(without, "nl") == f"{PARTNER} · besproken · door af-1"
