"""What may be wrong with `sources.yaml`, in the language of who writes it."""

from pathlib import Path
from typing import Final

import pytest

from services.ingest import fault_words
from services.ingest.configuration import read_configuration
from services.runtime.errors import Refused
from services.sandbox.configuration import SHIPPED
from tests.languages import catalogue, english_in, unlike

TEXTS: Final = catalogue(fault_words)
WRONG: Final = {
    ("topic: source.ijsselhof.zaken", "topic: outcomes.ijsselhof"): "in gebruik voor de uitkomsten van ijsselhof",
    ("topic: source.ijsselhof.zaken", "topic: audit.v1"): "in gebruik voor Seinpaal zelf",
    ("adapter: vera-zaak", "adapter: hact-repair"): "hact-repair wordt in NL niet geschreven",
    ("SOC.GEL: {kind", "missing: {kind"): "missing: zegt dat er niets is opgemerkt",
    ("SOC.GEL: {kind", "status.GEA: {kind"): "status.GEA: zegt hoe ver iets is",
    ("id: sallandhuis", "id: ijsselhof"): "id: ijsselhof staat hier twee keer",
}
"""What is put in place of what, and what is said of it."""


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_there_in_both_languages(name: str) -> None:
    """Each in its own words, with a place for the same values."""
    assert unlike(TEXTS[name])


@pytest.mark.parametrize(("change", "told"), WRONG.items())
def test_what_is_wrong_with_sources_is_told_in_dutch(change: tuple[str, str], told: str, tmp_path: Path) -> None:
    """Each with its file and line, as in English."""
    text = (SHIPPED / "sources.yaml").read_text()
    assert change[0] in text
    file = tmp_path / "sources.yaml"
    file.write_text(text.replace(*change, 1))
    (tmp_path / "areas").symlink_to((SHIPPED / "areas").resolve())
    with pytest.raises(Refused) as refused:
        read_configuration(file)
    dutch, english = refused.value.said("nl").splitlines(), refused.value.said("en").splitlines()
    assert any(told in line for line in dutch), dutch
    assert [line.split(": ")[0] for line in dutch] == [line.split(": ")[0] for line in english]
    assert not any(english_in(line.split(": ", 2)[2], TEXTS) for line in dutch)
