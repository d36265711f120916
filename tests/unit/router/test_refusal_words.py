"""What `seinpaal rules` cannot do as it was asked, in the language of who asked."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from services.router import refusal_words
from services.router.check import load
from services.router.period import moment
from services.router.which_set import meant
from services.runtime.errors import Refused
from tests.languages import catalogue, unlike
from tests.unit.router.policy import Policy

TEXTS: Final = catalogue(refusal_words)
NOW: Final = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_there_in_both_languages(name: str) -> None:
    """Each in its own words, with a place for the same values."""
    assert unlike(TEXTS[name])


def test_a_period_that_nobody_understands_is_refused_in_both_languages() -> None:
    """With how to write one."""
    with pytest.raises(Refused) as caught:
        moment("90x", NOW)
    assert caught.value.said("nl") == "90x: schrijf hoe ver terug, zoals 90d, 24h of 2w, of een dag zoals 2026-03-02"
    assert caught.value.said("en") == str(caught.value)


async def test_a_folder_that_is_not_there_is_refused_in_both_languages(tmp_path: Path) -> None:
    """With what may be given."""
    with pytest.raises(Refused) as caught:
        await meant("nieuw-beleid", f"sqlite:///{tmp_path}/none.db", NOW.date())
    assert caught.value.said("nl").startswith("nieuw-beleid: die map is er niet. Geef een map met rules/")


def test_a_set_that_is_loaded_and_wrong_is_told_line_by_line_in_both_languages(policy: Policy) -> None:
    """As `rules check` tells it: a replay of a folder with a fault says the same."""
    wrong = policy.spoil("rules/nl.yaml", "{kind: nuisance}, expect: does-not-fire", "{kind: nuisance}, expect: fires")
    folder = wrong.write()
    with pytest.raises(Refused) as caught:
        load(folder, NOW.date())
    assert caught.value.said("nl").startswith(f"{folder}/rules/nl.yaml:13: moet opgaan, en doet dat niet")
    assert str(caught.value).startswith(f"{folder}/rules/nl.yaml:13: should fire, and does not")
