"""A Bundle that is filled in is the one that would have been built and validated, and none is that would be refused."""

from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import Answer, Kind, LegalBasis, PartnerKind, PersonRole
from schemas.decision import Effect, Explanation, RuleTrace
from schemas.referral import ReferralChange
from schemas.signal import Facts, Particulars
from services.notify.channel import Unsendable
from services.notify.channels.gate import packed, passed
from services.notify.disclosure import disclosed
from services.notify.fhir.build import build
from services.notify.fhir.bundle_template import Build, BundleTemplates, Taken, _ordinary
from services.notify.fhir.collection import build_collection
from services.notify.fhir.specimen import specimen
from services.notify.fhir.validate import Gate, peer_review
from services.notify.letter import NOTHING, Letter
from tests.unit.notify import samples
from tests.unit.notify.test_fhir_build import some_facts, some_particulars

PARTNERS: Final = tuple(samples.partner(name) for name in ("testpartner", "ander-partner"))
CORPORATION: Final = samples.corporation()
GATE: Final = Gate()
ANYTHING: Final = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
REASON: Final = "Beleid: bij acute onveiligheid wordt gedeeld."


def letter(number: int, about: Facts, told: Particulars, **given: Any) -> Letter:
    """One of a case of its own, as the process has it: partners and corporations are read once."""
    change = given.get("change", ReferralChange.NEW)
    referral = samples.referral(
        f"T-{number}",
        revision=1 if change is ReferralChange.NEW else 2,
        change=change,
        kind=given.get("kind"),
        deadline=samples.AT + timedelta(seconds=number),
        about=about,
    )
    fired = (RuleTrace(rule="a", effect=Effect.REFER, without_consent=given.get("policy")),)
    referral = referral.model_copy(
        update={
            "decided_at": samples.AT + timedelta(microseconds=number),
            "legal_basis": given.get("basis"),
            "explanation": Explanation(rule_set="b" * 64, fired=fired),
        }
    )
    told = NOTHING if change is ReferralChange.WITHDRAWAL else told
    return Letter(referral, referral.kind, told, PARTNERS[given.get("to", 0)], CORPORATION, "testpartner")


letters = st.builds(
    letter,
    st.integers(1, 10_000),
    some_facts,
    some_particulars,
    change=st.sampled_from(ReferralChange),
    kind=st.none() | st.sampled_from(PartnerKind),
    policy=st.sampled_from((None, REASON)),
    basis=st.none() | st.sampled_from(LegalBasis),
    to=st.integers(0, 1),
)


def with_other_values(one: Letter, number: int) -> Letter:
    """Of the same structure, about another case."""
    other = letter(number, one.referral.facts, one.particulars, change=one.referral.change, kind=one.kind)
    kept = {name: getattr(one.referral, name) for name in ("legal_basis", "explanation")}
    referral = other.referral.model_copy(update=kept)
    return Letter(referral, one.kind, one.particulars, one.partner, CORPORATION, "testpartner")


def counted(usual: BundleTemplates, one: Letter, how: Build) -> tuple[bytes, int]:
    """The bytes, and how often the long way was gone."""
    gone: list[bytes] = []

    def long(bundle: dict[str, Any]) -> bytes:
        gone.append(passed(GATE, bundle, one))
        return gone[-1]

    return usual.pack(one, how, long), len(gone)


@settings(deadline=None)
@given(st.lists(letters, min_size=1, max_size=4), st.sampled_from((build, build_collection)))
def test_what_is_filled_in_is_what_would_have_been_validated(some: list[Letter], how: Build) -> None:
    """Byte for byte, for any facts and people, mixed with others; from the third of a structure on it is filled in."""
    usual = BundleTemplates()
    for turn in range(4):
        for place, one in enumerate(some):
            like = with_other_values(one, 10 * turn + place)
            body, gone = counted(usual, like, how)
            assert body == passed(GATE, how(like, disclosed(like)), like)
            assert turn < 2 or not gone


@settings(deadline=None, max_examples=30)
@given(letters, st.data())
def test_letters_that_differ_in_one_fact_are_told_apart(one: Letter, data: st.DataObject) -> None:
    """Whichever fact that is, also one that nobody tells yet."""
    other, usual = data.draw(some_facts), BundleTemplates()
    for name in Facts.model_fields:
        for _ in range(3):
            for facts in (one.referral.facts, one.referral.facts.model_copy(update={name: getattr(other, name)})):
                referral = one.referral.model_copy(update={"facts": facts})
                like = Letter(referral, one.kind, one.particulars, one.partner, CORPORATION, "testpartner")
                assert counted(usual, like, build)[0] == orjson.dumps(build(like))


@settings(deadline=None)
@given(ANYTHING)
def test_no_text_is_filled_in_that_the_classes_refuse(text: str) -> None:
    """Whatever stands in it: controls, blanks, halves of characters."""
    bundle = specimen()
    bundle["entry"][2]["resource"]["name"][0]["text"] = text
    bundle["entry"][6]["resource"]["note"][0]["text"] = text
    if _ordinary(Taken((), [], [text], [])):
        assert peer_review(bundle) == ()
        passed(GATE, bundle, samples.letter())


@settings(deadline=None)
@given(
    st.datetimes(timezones=st.none() | st.integers(-86399, 86399).map(lambda off: timezone(timedelta(seconds=off)))),
    st.dates(),
)
def test_no_time_is_filled_in_that_the_classes_refuse(moment: datetime, day: date) -> None:
    """Without a zone, with seconds in it, or in a year that FHIR does not know."""
    bundle = specimen()
    bundle["timestamp"] = moment.isoformat()
    bundle["entry"][0]["resource"]["authoredOn"] = bundle["entry"][0]["resource"]["lastModified"] = moment.isoformat()
    bundle["entry"][2]["resource"]["birthDate"] = day.isoformat()
    if _ordinary(Taken((), [moment.isoformat()], [], [day.isoformat()])):
        assert peer_review(bundle) == ()
        passed(GATE, bundle, samples.letter())


@pytest.mark.parametrize(
    "change",
    [
        {"people": [samples.person(PersonRole.CHILD, "half \ud83d")]},
        {"narrative": "half \ud83d"},
        {"address": samples.ADDRESS.model_copy(update={"city": "half \ud83d"})},
    ],
)
def test_what_the_long_way_refuses_is_refused_where_its_like_was_filled_in(change: dict[str, Any]) -> None:
    """Every time, and its like is filled in as before."""
    gate, facts = Gate(), samples.facts()
    whole = {"people": [samples.person(PersonRole.CHILD)], "narrative": "heel", "address": samples.ADDRESS}
    for number in range(3):
        packed(gate, build, letter(number, facts, samples.particulars(**whole)))  # type: ignore[arg-type]  # by name
    for number in range(3):
        with pytest.raises(Unsendable, match="invalid-bundle"):
            packed(gate, build, letter(number, facts, samples.particulars(**{**whole, **change})))
    fine = letter(9, facts, samples.particulars(**whole))  # type: ignore[arg-type]  # by name
    assert packed(gate, build, fine) == passed(gate, build(fine), fine)


def test_the_language_of_each_is_its_own_where_nobody_may_be_contacted() -> None:
    """Of who has none, too: the next one is not told to speak what the one before did."""
    gate, facts = Gate(), samples.facts()
    for number, spoken in enumerate(("Pools", "Turks", "Tigrinya", None, "Turks", None, "Pools", None)):
        contact = samples.SAFE.model_copy(update={"allowed": Answer.NO, "language": spoken})
        one = letter(number, facts, samples.particulars(safe_contact=contact))
        filled = packed(gate, build, one)
        assert filled == passed(gate, build(one), one)
        assert (spoken is None) is (b"Taal: " not in filled)


def test_nobodys_data_is_kept() -> None:
    """Neither of who came first nor of who came last: structures, codes, and words of a stand-in."""
    gate, told = Gate(), samples.particulars(safe_contact=samples.SAFE)
    for number in range(4):
        one = letter(number, samples.facts(household="9" * 32, origin_code="EIGEN"), told, policy=REASON)
        packed(gate, build, one)
    kept = b"".join(_everything(gate.usual.__dict__))
    assert REASON.encode() in kept
    for word in (
        *("Testpersoon", "dochter", "1990-01-01", "Synthetisch", "Voorbeeldstr", "0000 AA", "Testmelder", "+316"),
        *("ma-vr", "Pools", "T-3", str(one.thread), str(one.referral.id), str(one.referral.signal), "EIGEN", "9" * 32),
        *(samples.AT.isoformat()[:16], "2026-03-02"),
    ):
        assert word.encode() not in kept


def _everything(node: object) -> list[bytes]:
    """All that is held, as text; who it is from and to stands in configuration."""
    match node:
        case bytes():
            return [node]
        case dict():
            return [part for pair in node.items() for each in pair for part in _everything(each)]
        case tuple() | list():
            return [part for each in node for part in _everything(each)]
        case _ if hasattr(node, "mould"):
            return _everything(node.mould.__dict__)
        case _:
            return [repr(node).encode()]


def test_what_would_be_filled_in_wrongly_is_never_filled_in() -> None:
    """A partner whose very name is a word of the stand-in's: its letters go the long way, each time."""
    partner = samples.partner(name="testpartner").model_copy(update={"name": "stand-in.text.000."})
    usual = BundleTemplates()
    for number in range(4):
        plain = letter(number, samples.facts(kind=Kind.THREAT), samples.particulars())
        one = Letter(plain.referral, plain.kind, plain.particulars, partner, CORPORATION, "testpartner")
        body, gone = counted(usual, one, build)
        assert (body, gone) == (orjson.dumps(build(one)), 1)


def test_another_configuration_has_other_words() -> None:
    """A partner of the same id and another name is not written to under the old one."""
    usual = BundleTemplates()
    for number in range(4):
        counted(usual, letter(number, samples.facts(), samples.particulars()), build)
    plain = letter(7, samples.facts(), samples.particulars())
    renamed = PARTNERS[0].model_copy(update={"name": "Nieuwe naam"})
    one = Letter(plain.referral, plain.kind, plain.particulars, renamed, CORPORATION, "testpartner")
    assert b"Nieuwe naam" in counted(usual, one, build)[0]


def test_only_so_many_structures_are_remembered() -> None:
    """The one that was used last stays."""
    usual = BundleTemplates(most=2)
    for number in range(3):
        counted(usual, letter(number, samples.facts(), samples.particulars()), build)
    for score in range(5):
        counted(usual, letter(1, samples.facts(dash_score=score), samples.particulars()), build)
        assert counted(usual, letter(2, samples.facts(), samples.particulars()), build)[1] == 0
    assert len(usual.__dict__["_kept"]) == 2
