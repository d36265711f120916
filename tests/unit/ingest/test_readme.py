"""What the page for corporation IT shows is what happens."""

import re
from pathlib import Path
from textwrap import indent
from typing import Final

import orjson
import pytest

from schemas.corporation import Adapter
from services.ingest import check_words
from services.ingest.configuration import read_configuration
from services.ingest.normalise import Accepted, Intake
from services.ingest.sources import ADAPTERS, debezium
from tests.unit.ingest.samples import an_intake, became
from tests.unit.ingest.test_configuration import CONFIG

PAGE: Final = (Path(__file__).parents[3] / "services" / "ingest" / "README.md").read_text()
SHAPES: Final = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##)", PAGE, re.DOTALL | re.MULTILINE))
EXAMPLES: Final = [
    (shape, told) for shape in ADAPTERS for told in re.findall(r"```json\n(.*?)```", SHAPES[shape], re.DOTALL)
]


def shipped(adapter: Adapter) -> Intake:
    """The source of that shape in the shipped configuration."""
    found = read_configuration(CONFIG / "sources.yaml").sources()
    corporation, source = next((one, source) for one, source in found if source.adapter == adapter)
    return an_intake("concern")._replace(corporation=corporation, source=source)


@pytest.mark.parametrize(("adapter", "example"), EXAMPLES)
def test_every_example_becomes_a_signal_with_the_shipped_configuration(adapter: Adapter, example: str) -> None:
    """Who copies it starts from something that works."""
    assert isinstance(became(orjson.loads(example), shipped(adapter)), Accepted)


def test_every_shape_has_an_example() -> None:
    """Also the one that somebody adds."""
    assert {adapter for adapter, _ in EXAMPLES} == set(ADAPTERS)


def test_the_corporation_and_the_source_that_are_shown_are_well(tmp_path: Path) -> None:
    """Who copies both has a file that is taken."""
    source, corporation = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[:2]
    (tmp_path / "areas").symlink_to(CONFIG / "areas")
    (tmp_path / "sources.yaml").write_text(corporation + indent(source.replace("ijsselhof", "veenhof"), " " * 6))
    assert len(list(read_configuration(tmp_path / "sources.yaml").sources())) == 2


def test_every_column_field_is_listed() -> None:
    """A field that nobody can look up is a field that nobody maps."""
    assert all(f"`{field}`" in PAGE for field in debezium.FIELDS)


def test_every_reason_that_the_code_gives_is_explained() -> None:
    """Reasons to park stand in the table, reasons to ignore in what the command line tells."""
    code = "\n".join(path.read_text() for path in (CONFIG.parents[1] / "services" / "ingest").rglob("*.py"))
    parked = set(re.findall(r'Unreadable\(\s*"([a-z-]+)"', code)) | {"not-json", "empty", "too-large"}
    ignored = set(re.findall(r'Ignored\("([a-z-]+)"\)', code))
    assert [reason for reason in sorted(parked) if f"`{reason}`" not in PAGE] == []
    assert ignored <= set(check_words.BECAUSE)
