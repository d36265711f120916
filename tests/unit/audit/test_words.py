"""Facts in words."""

import pytest

from schemas.audit import Fact
from schemas.code_words import PROGRESS
from schemas.codes import Stage
from schemas.decision import Effect
from schemas.delivery import DeliveryState
from schemas.progress import Progress
from schemas.words import Words
from services.audit.words import EFFECTS, FACTS, STAGES, STATES


def test_every_fact_stage_state_and_effect_has_words() -> None:
    """A fact that is added without a sentence fails here, not in front of an auditor."""
    assert set(FACTS) == set(Fact)
    assert set(STAGES) == set(Stage)
    assert set(STATES) == set(DeliveryState)
    assert set(EFFECTS) == set(Effect)
    assert set(PROGRESS) == set(Progress)


@pytest.mark.parametrize("words", FACTS.values(), ids=FACTS.keys())
def test_a_sentence_is_short_and_differs_by_language(words: Words) -> None:
    """Both languages say it, in one line of a terminal, beginning with a capital and ending without a stop."""
    for text in (words.en, words.nl):
        assert 5 < len(text) <= 50
        assert text[0].isupper()
        assert not text.endswith(".")
    assert words.in_("nl") != words.in_("en")


def test_no_two_facts_read_alike() -> None:
    """Who reads the sentence knows which fact it was."""
    assert len({words.en for words in FACTS.values()}) == len({words.nl for words in FACTS.values()}) == len(Fact)
