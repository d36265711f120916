"""INDICATORS: what is known of it and what is not, question by question, in codes and in the words of who reads it.

A program at the partner knows our codes; the person on duty sees the texts, in most systems nothing else.
"""

from collections.abc import Iterator

from schemas import why
from schemas.codes import Answer
from schemas.signal import Facts
from schemas.words import Language
from services.notify.fhir.codes import Json, ours
from services.notify.words import COUNTS_AS_YES, SPOKEN

_CODED = ("urgency", "origin", "consent")
_DANGER = ("acute", "structural")
_ANSWERED = (*_DANGER, "children", "pregnant", "informed")
_WHEN_TRUE = ("disclosure", "weapon", "professional_judgement")


def indicators(facts: Facts) -> list[Json]:
    """The components of the Observation. A question that nobody answered is among them: it is to be asked."""
    return list(_indicators(facts, SPOKEN[facts.country]))


def _indicators(facts: Facts, language: Language) -> Iterator[Json]:
    for name in _CODED:
        code = getattr(facts, name)
        yield _component(name, language, valueCodeableConcept=ours(name, code, why.value(code, language)))
    for name in _ANSWERED:
        answer = getattr(facts, name)
        text = why.value(answer, language)
        if name in _DANGER and answer is Answer.UNKNOWN:
            text = f"{text}; {COUNTS_AS_YES[facts.country]}"
        yield _component(name, language, valueCodeableConcept=ours("answer", answer, text))
    for violence in facts.violence:
        told = ours("violence", violence, why.value(violence, language))
        yield _component("violence", language, valueCodeableConcept=told)
    for name in _WHEN_TRUE:
        if getattr(facts, name):
            yield _component(name, language, valueBoolean=True)
    if facts.dash_score is not None:
        yield _component("dash_score", language, valueInteger=facts.dash_score)


def _component(name: str, language: Language, **value: object) -> Json:
    return {"code": ours("indicator", name.replace("_", "-"), why.NAMES[name].in_(language)), **value}
