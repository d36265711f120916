"""`seinpaal sources`: what becomes of a sample, told without its content."""

import shutil
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
from typer.testing import CliRunner

from services.ingest.commands import app
from services.ingest.sample import samples
from services.runtime.errors import Refused
from tests.unit.ingest.samples import CAPTURED, a_signalering
from tests.unit.ingest.test_configuration import CONFIG

SOURCES: Final = str(CONFIG / "sources.yaml")
KNOWN: Final = a_signalering(toelichting="Verzonnen verhaal.", relatie={"aanschrijfnaam": "Testpersoon", "id": "R"})
UNKNOWN: Final = a_signalering(id="SIG-2", soort={"code": "Zeldzaam"})


def check(tmp_path: Path, content: bytes, *options: str, source: str = "ijsselhof-signaleringen") -> tuple[int, str]:
    """The exit code and the standard output of `seinpaal sources check` on a sample with this content."""
    sample = tmp_path / "sample"
    sample.write_bytes(content)
    arguments = ["check", SOURCES, "--source", source, "--sample", str(sample), *options]
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout


def told(tmp_path: Path, content: bytes, **options: Any) -> list[dict[str, Any]]:
    """What is told of each event, as JSON."""
    _, output = check(tmp_path, content, "--json", **options)
    return [orjson.loads(line) for line in output.splitlines()]


def test_a_sample_is_told_without_a_word_of_its_content(tmp_path: Path) -> None:
    """Facts are codes; of the particulars only what was found."""
    code, output = check(tmp_path, orjson.dumps(KNOWN))
    assert code == 0
    for word in ("noise.violence", "1 person", "narrative", "signal"):
        assert word in output
    for word in ("Verzonnen", "Testpersoon", "A-77"):
        assert word not in output


@pytest.mark.parametrize(
    ("changes", "dwelling", "area"),
    [
        ({"adres": {"id": "A-77", "woonplaats": {"naam": "Zwolle"}}}, True, True),
        ({"adres": "https://vastgoed.example.nl/v4/adressen/A-77"}, True, False),
        ({"adres": {"woonplaats": {"naam": "Zwolle"}}}, False, True),
        ({"adres": None}, False, False),  # its person adds up, and is no dwelling
    ],
)
def test_whether_dwelling_and_area_were_found_is_told(
    tmp_path: Path, changes: dict[str, Any], *, dwelling: bool, area: bool
) -> None:
    """Patterns hang on the one and partners on the other, so what is not found is told with what follows from it."""
    event = orjson.dumps({**KNOWN, **changes})
    (fate,) = told(tmp_path, event)
    assert fate["found"] == {"dwelling": dwelling, "area": area}
    assert ("area" in fate["facts"]) is area
    _, output = check(tmp_path, event)
    assert ("no dwelling is named" in output) is not dwelling
    assert ("no area is found" in output) is not area


def test_an_unreadable_event_makes_the_exit_code_1(tmp_path: Path) -> None:
    """So that a pipeline can refuse a release that would park events; the reason names field and fix."""
    code, output = check(tmp_path, orjson.dumps(UNKNOWN))
    assert code == 1
    assert "unmapped-code" in output
    assert "soort" in output
    assert "Zeldzaam" not in output


def test_each_kind_of_fate_is_told(tmp_path: Path) -> None:
    """One line an event, in order, with numbers removed counted."""
    events = [
        {**KNOWN, "bsn": "123456782"}, {**KNOWN, "status": {"code": "VER"}}, {**KNOWN, "soort": "ONE"}, UNKNOWN,
    ]  # fmt: skip
    fates = told(tmp_path, b"\n".join(orjson.dumps(event) for event in events))
    assert [fate["became"] for fate in fates] == ["signal", "withdrawal", "ignored", "unreadable"]
    assert [fate["number"] for fate in fates] == [1, 2, 3, 4]
    assert fates[0]["removed"] == 1
    assert fates[2]["fix"] == "`codes` says ignore for its code"
    assert fates[3]["field"] == "soort"


@pytest.mark.parametrize(
    "content",
    [
        orjson.dumps(KNOWN),
        orjson.dumps(KNOWN, option=orjson.OPT_INDENT_2),
        orjson.dumps([KNOWN]),
        orjson.dumps(KNOWN) + b"\n\n",
        orjson.dumps({"topic": "t", "headers": [], "value": {"utf8": orjson.dumps(KNOWN).decode()}}),
        b"\xef\xbb\xbf" + orjson.dumps([KNOWN]),
    ],
)
def test_every_form_of_sample_is_read(tmp_path: Path, content: bytes) -> None:
    """One JSON, pretty or not, an array, lines, or a captured record, also as an editor on Windows saves it."""
    (fate,) = told(tmp_path, content)
    assert fate["became"] == "signal"


def test_captured_records_keep_their_headers_and_topic(tmp_path: Path) -> None:
    """A Debezium record says by its topic which table it is, and by its headers that it comes from an outbox."""
    for path in sorted(CAPTURED.glob("dbz-*.json")):
        (fate,) = told(tmp_path, path.read_bytes(), source="sallandhuis-signalering")
        assert fate["became"] in {"signal", "ignored"}, path.name
    for path in sorted(CAPTURED.glob("ce-*.json")):
        (fate,) = told(tmp_path, path.read_bytes(), source="sallandhuis-zorgen")
        assert fate["became"] == "signal", path.name


def test_bytes_of_a_captured_record_may_be_base64() -> None:
    """Keys and values that are no text must not be lost in the capture."""
    (record,) = samples(b'{"topic":"t","headers":[["h",null],["i",{"base64":"/w=="}]],"value":null}', "x", 1)
    assert (record.value, list(record.headers)) == (None, [("h", None), ("i", b"\xff")])


def test_a_file_that_is_no_json_is_one_unreadable_event(tmp_path: Path) -> None:
    """It is told as the broker's record would be, not as a traceback."""
    code, output = check(tmp_path, b"<xml/>")
    assert code == 1
    assert "not-json" in output


def test_a_misspelt_source_gets_the_name_that_was_meant(tmp_path: Path) -> None:
    """And so does a sample that is not there."""
    sample = tmp_path / "sample"
    with pytest.raises(Refused, match="Check the name"):
        CliRunner().invoke(
            app, ["check", SOURCES, "--source", "ijsselhof-zaken", "--sample", str(sample)], catch_exceptions=False
        )
    sample.write_text("{}")
    with pytest.raises(Refused, match="Did you mean ijsselhof-zaken"):
        CliRunner().invoke(
            app, ["check", SOURCES, "--source", "ijselhof-zaken", "--sample", str(sample)], catch_exceptions=False
        )


def test_the_list_names_every_source() -> None:
    """As a table for people, as lines for scripts."""
    shown = CliRunner().invoke(app, ["list", SOURCES])
    lines = CliRunner().invoke(app, ["list", SOURCES, "--json"]).output.splitlines()
    assert shown.exit_code == 0
    assert "hact-repair" in shown.output
    assert {orjson.loads(line)["adapter"] for line in lines} >= {"debezium", "concern"}


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_list_breaks_no_name_in_any_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a source, its adapter and its topic each can be copied."""
    monkeypatch.setenv("COLUMNS", str(width))
    lines = CliRunner().invoke(app, ["list", SOURCES]).output.splitlines()
    told = [orjson.loads(line) for line in CliRunner().invoke(app, ["list", SOURCES, "--json"]).output.splitlines()]
    words = [word for line in lines for word in line.split()]
    for name in ("source", "adapter", "topic"):
        assert [word for word in words if word in {each[name] for each in told}] == [each[name] for each in told]
    assert max(map(len, lines)) <= width


def test_help_shows_an_example() -> None:
    """Nobody should have to guess the order of arguments."""
    for command in ("check", "list"):
        assert "Example: seinpaal sources" in " ".join(CliRunner().invoke(app, [command, "--help"]).output.split())


@pytest.mark.parametrize(("table", "warned"), [("signalering", True), ("public.signalering", False)])
def test_a_table_that_is_named_alone_is_warned_of(tmp_path: Path, table: str, *, warned: bool) -> None:
    """A copy of it in another schema would become signals too; what is told of the sample stays fit for a script."""
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    written = (config / "sources.yaml").read_text()
    assert written.count("tables: [signalering]") == 1
    (config / "sources.yaml").write_text(written.replace("tables: [signalering]", f"tables: [{table}]"))
    sample = tmp_path / "sample"
    sample.write_bytes(orjson.dumps({"id": "1"}))
    arguments = ["check", str(config / "sources.yaml"), "--source", "sallandhuis-signalering", "--sample", str(sample)]
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert ("Say which, such as public.signalering" in result.stderr) is warned
    assert [orjson.loads(line)["number"] for line in result.stdout.splitlines()] == [1]
