"""The files are checked as a whole before anything is read: every fault at once, with its line and its fix."""

from pathlib import Path
from typing import Final

import pytest

from services.ingest.configuration import read_configuration
from services.runtime.errors import Refused

CONFIG: Final = Path(__file__).parents[3] / "deploy" / "config"
AREAS: Final = """
areas:
  - {code: GM0193, name: Zwolle, country: NL, places: [Zwolle]}
  - {code: E09000012, name: Hackney, country: GB}
"""


DEBEZIUM: Final = "codes: {A: ignore}, columns: {record: id, code: soort, town: plaats}"


def a_corporation(*sources: str, identity: str = "een", country: str = "NL") -> str:
    """One corporation as YAML, its sources each on a line."""
    lines = "".join(f"      - {source}\n" for source in sources)
    return (
        f"  - id: {identity}\n    name: Voorbeeld\n    country: {country}\n"
        f'    identifier: {{system: "http://www.kvk.nl/", value: "00000009"}}\n    sources:\n{lines}'
    )


def a_source(name: str = "bron", adapter: str = "concern", topic: str = "", more: str = "") -> str:
    """One source as YAML on a line."""
    extra = f", {more}" if more else ""
    return f'{{name: {name}, topic: {topic or f"source.{name}"}, adapter: {adapter}, source: "urn:test:{name}"{extra}}}'


def refusal(tmp_path: Path, *corporations: str, areas: str = AREAS) -> str:
    """What is said of these files; they must be refused."""
    (tmp_path / "areas").mkdir()
    (tmp_path / "areas" / "nl.yaml").write_text(areas)
    (tmp_path / "sources.yaml").write_text("corporations:\n" + "".join(corporations))
    with pytest.raises(Refused) as raised:
        read_configuration(tmp_path / "sources.yaml")
    return str(raised.value).replace(str(tmp_path), "")


def test_the_shipped_configuration_is_well() -> None:
    """Three corporations, all seven shapes, every municipality of Overijssel."""
    configuration = read_configuration(CONFIG / "sources.yaml")
    assert len(configuration.corporations) == 3
    assert {source.adapter for _, source in configuration.sources()} == {
        "vera-signalering", "vera-zaak", "vera-onderhoudsverzoek", "concern", "debezium", "landlord-event",
        "hact-repair",
    }  # fmt: skip
    assert sum(entry.country == "NL" for entry in configuration.areas) == 25


@pytest.mark.parametrize(
    ("corporations", "said"),
    [
        ([a_corporation(a_source(), a_source("twee", topic="source.bron"))], "source.bron is read by bron already"),
        ([a_corporation(a_source(topic="signals.v1"))], "signals.v1 is read by Seinpaal itself already"),
        ([a_corporation(a_source(topic="outcomes.een"))], "outcomes.een is read by the outcomes of een already"),
        ([a_corporation(a_source(), a_source(topic="x"))], "bron stands here twice"),
        ([a_corporation(a_source()), a_corporation(a_source("twee"))], "een stands here twice"),
        ([a_corporation(a_source(adapter="excel"))], "adapter"),
        ([a_corporation(a_source(adapter="hact-repair", more="codes: {A: ignore}"))], "is not written in NL"),
        ([a_corporation(a_source(adapter="vera-zaak"))], "is empty, so that every event would be parked"),
        ([a_corporation(a_source(more="codes: {'A B': ignore}"))], "is no code"),
        ([a_corporation(a_source(more="codes: {A: negeer}"))], "codes.A: should be ignore, or what it means"),
        ([a_corporation(a_source(more="codes: {A: {kind: x}}"))], "codes.A.kind: should be 'damage.door'"),
        ([a_corporation(a_source(more="codes: {A: {knd: nuisance, kind: nuisance}}"))], "Did you mean kind?"),
        (
            [a_corporation(a_source(more="codes: {status.X: {kind: nuisance}}"))],
            "tells where a record stands, not what was noticed. Only `ignore` or `withdraw` can be said of it",
        ),
        ([a_corporation(a_source(more="codes: {A: withdraw}"))], "`withdraw` is said of a status, such as status.9"),
        ([a_corporation(a_source(more="codes: {missing: withdraw}"))], "tells that nothing was noticed"),
        ([a_corporation(a_source(more="codes: {status.9: withdrawn}"))], "of a status ignore or withdraw"),
        (
            [a_corporation(a_source(adapter="vera-zaak", more="codes: {A: ignore, status.ges: withdraw}"))],
            "tells in VERA that a record stands or is done with, not that it was wrong",
        ),
        (
            [a_corporation(a_source(adapter="vera-onderhoudsverzoek", more="codes: {A: ignore, status.X: withdraw}"))],
            "who has it cancelled may be the reason for it",
        ),
        ([a_corporation(a_source(more="codes: {missing: {kind: nuisance}}"))], "tells that nothing was noticed"),
        ([a_corporation(a_source(more="codes: {Status.GES: ignore}"))], "in small letters"),
        ([a_corporation(a_source(more="codes: {MISSING: ignore}"))], "in small letters"),
        (
            [a_corporation(a_source()), a_corporation(a_source("b").replace("test:b", "TEST:bron"), identity="twee")],
            "urn:TEST:bron is een's already: records of een and twee would share ids",
        ),
        (
            [a_corporation(a_source(adapter="debezium", more=f"{DEBEZIUM}, tables: [a.x, b.x]"))],
            "b.x has the name of a.x: their rows would share ids",
        ),
        ([a_corporation(a_source(more="defaults: {area: GM0999}"))], "GM0999 is in no file of areas/ for NL"),
        ([a_corporation(a_source(more="defaults: {area: E09000012}"))], "E09000012 is in no file of areas/ for NL"),
        ([a_corporation(a_source(more="tables: [x]"))], "is for debezium, and this is concern"),
        ([a_corporation(a_source()) + "    desk: {asked: [af-1]}\n"], "desk.asked: should have at least 2 entries"),
        ([a_corporation(a_source(adapter="debezium", more="codes: {A: ignore}"))], "maps nothing to record"),
        (
            [a_corporation(a_source(adapter="debezium", more="codes: {A: ignore}, columns: {record: i, code: c}"))],
            "never tells where",
        ),
        (
            [a_corporation(a_source(adapter="debezium", more=DEBEZIUM.replace("town", "twon")))],
            "is no field of ours. Did you mean town?",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, corporations: list[str], said: str) -> None:
    """Whoever edits the file finds the place, and reads what to do."""
    told = refusal(tmp_path, *corporations)
    assert said in told
    assert all(line.startswith("/sources.yaml:") and line.split(":")[1].isdigit() for line in told.splitlines())


@pytest.mark.parametrize("said", ["{A: {kind: x}}", "{A: negeer}", "{A: [x]}", "{A: }"])
def test_one_wrong_code_is_told_in_one_line(tmp_path: Path, said: str) -> None:
    """What else might have stood there confuses whoever meant the first."""
    assert len(refusal(tmp_path, a_corporation(a_source(more=f"codes: {said}"))).splitlines()) == 1


def test_a_file_that_is_not_there_is_told_alone(tmp_path: Path) -> None:
    """The areas beside it are not the reason."""
    with pytest.raises(Refused) as raised:
        read_configuration(tmp_path / "sources.yml")
    assert (
        str(raised.value)
        == f"{tmp_path}/sources.yml: cannot be read (there is no such file). Check the name and who may read it"
    )


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    """Nobody should have to start five times to learn five things."""
    told = refusal(tmp_path, a_corporation(a_source(), a_source(), a_source(topic="signals.v1", adapter="hact-repair")))
    assert len(told.splitlines()) >= 4


def test_faults_of_both_files_are_told_together(tmp_path: Path) -> None:
    """The areas are part of the whole."""
    told = refusal(tmp_path, a_corporation(a_source(adapter="excel")), areas="areas: [{code: X}]")
    assert "/sources.yaml:" in told
    assert "/areas/nl.yaml:" in told


def test_a_folder_without_areas_is_refused(tmp_path: Path) -> None:
    """Every signal would wait for a person to say where it is."""
    (tmp_path / "sources.yaml").write_text("corporations: []")
    with pytest.raises(Refused, match="Say which areas there are"):
        read_configuration(tmp_path / "sources.yaml")
