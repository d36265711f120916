"""Configuration files: what is read, and how every fault is told."""

import os
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, field_validator

from services.runtime.errors import Refused
from services.runtime.yaml_file import load_yaml, parse_yaml, read_yaml
from services.runtime.yaml_tree import MAX_BYTES, Faulty, parse


class Webhook(BaseModel):
    """One way to reach a partner."""

    kind: Literal["webhook"]
    address: str


class Fhir(BaseModel):
    """Another."""

    kind: Literal["fhir"]
    base: str
    retries: int = Field(default=3, ge=0, le=9)


class Partner(BaseModel):
    """Whom we reach."""

    name: str
    municipality: str
    channel: Annotated[Webhook | Fhir, Field(discriminator="kind")]
    spare: Fhir | None = None
    limits: dict[str, int] = {}

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        if name == "nobody":
            raise ValueError("is nobody we know. Add it to areas.yaml")
        return name


class Partners(BaseModel):
    """The whole file."""

    partners: list[Partner]
    strict: bool = True


class Paced(Partners):
    """With a choice."""

    speed: Literal["slow", "quick"]


def faults(text: str) -> list[str]:
    """The lines of the refusal."""
    with pytest.raises(Refused) as caught:
        parse_yaml(text.encode(), Partners, "p.yaml")
    return str(caught.value).splitlines()


def test_a_good_file_becomes_its_model(tmp_path: Path) -> None:
    """With defaults, and with the kind of channel that it says."""
    file = tmp_path / "partners.yaml"
    file.write_text("partners:\n- name: a\n  municipality: '0000'\n  channel: {kind: webhook, address: x}\n")
    found = load_yaml(file, Partners)
    assert found.strict
    assert isinstance(found.partners[0].channel, Webhook)


def test_all_faults_are_told_at_once_with_line_and_fix() -> None:
    """Whoever writes the file fixes it in one go."""
    text = """\
partners:
- name: nobody
  municipalty: a
  channel: {kind: fhir, bse: x, retries: 99}
  spare:
    kind: fhir
    retres: 1
- name: 12
  name: b
  channel:
    kind: pigeon
  limits: {day: many}
strct: true
"""
    assert faults(text) == [
        "p.yaml:2: partners[0].municipality: is missing. Add it",
        "p.yaml:2: partners[0].name: is nobody we know. Add it to areas.yaml",
        "p.yaml:3: partners[0].municipalty: is not a key we know. Did you mean municipality?",
        "p.yaml:4: partners[0].channel.base: is missing. Add it",
        "p.yaml:4: partners[0].channel.bse: is not a key we know. Did you mean base?",
        "p.yaml:4: partners[0].channel.retries: should be at most 9",
        "p.yaml:5: partners[0].spare.base: is missing. Add it",
        "p.yaml:7: partners[0].spare.retres: is not a key we know. Did you mean retries?",
        "p.yaml:8: partners[1].municipality: is missing. Add it",
        "p.yaml:8: partners[1].name: should be text. Put it between quotes",
        "p.yaml:9: partners[1].name: stands here twice. Keep one",
        "p.yaml:10: partners[1].channel: should have as 'kind' one of 'webhook', 'fhir'",
        "p.yaml:12: partners[1].limits.day: should be a whole number",
        "p.yaml:13: strct: is not a key we know. Did you mean strict?",
    ]


def test_a_value_is_never_repeated() -> None:
    """A file may hold a secret by mistake."""
    told = faults("partners: hidden-word\nstrict: hidden-word\n")
    assert told == ["p.yaml:1: partners: should be a list", "p.yaml:2: strict: should be true or false"]


def test_a_misspelt_choice_is_told_which_was_meant_and_not_what_was_written() -> None:
    """Of thirty kinds nobody finds the one letter; what resembles none is told them all."""
    kinds = "partners:\n- name: a\n  municipality: b\n  channel: {kind: %s, address: x}\n"
    assert faults(kinds % "Webhok") == [
        "p.yaml:4: partners[0].channel: is none that we know. Did you mean kind: webhook?"
    ]
    assert faults(kinds % "hidden-word")[0].endswith("should have as 'kind' one of 'webhook', 'fhir'")
    spare = "partners: []\nspeed: %s\n"
    with pytest.raises(Refused) as caught:
        parse_yaml((spare % "quik").encode(), Paced, "p.yaml")
    assert str(caught.value) == "p.yaml:2: speed: is none that we know. Did you mean quick?"


def test_a_file_full_of_faults_tells_the_first() -> None:
    """A wrong file is not a wall of text."""
    told = faults("partners:\n" + "- {}\n" * 100)
    assert len(told) == 51
    assert told[-1] == "p.yaml: and 250 more"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "p.yaml:1: is not YAML"),
        ("a:\n\t- b", "p.yaml:2: is not YAML"),
        ("a: 1\n---\nb: 2", "p.yaml:2: is not YAML"),
        ("a: *missing", "p.yaml:1: is not YAML: * begins a reference to missing"),
        ("a: \x07", "p.yaml:1: is not YAML: it has a character"),
        ("b: 1\na: &x [*x]", "p.yaml:2: has an alias that contains itself"),
        ("a: &x {b: {c: *x}}", "p.yaml:1: has an alias that contains itself"),
        ("a: !!python/object/apply:os.system [x]", "p.yaml:1: has a tag"),
        ("a: !!binary aGk=", "p.yaml:1: has a tag"),
        ("a: !include x", "p.yaml:1: has a tag"),
        ("a: !!int x", "p.yaml:1: has a value that is not what its tag says"),
        ("? [a]\n: b", "p.yaml:1: has a key that is not a word"),
        ("- a", "p.yaml:1: should be a mapping"),
        ("[" * 200, "p.yaml:1: is nested deeper than"),
        ("a: " + "x" * MAX_BYTES, "p.yaml:1: is larger than"),
        ("<<: {partners: []}", "p.yaml:1: <<: is not a key we know"),
    ],
)
def test_what_we_do_not_read_is_refused_with_its_line(text: str, told: str) -> None:
    """No code, no cycles, no endless nesting, and nothing half read."""
    assert faults(text)[0].startswith(told)


def test_what_is_not_utf8_is_refused_with_its_line() -> None:
    """A file from another decade."""
    with pytest.raises(Refused, match=r"p\.yaml:2: is not UTF-8"):
        parse_yaml(b"a: 1\nb: \xe9", Partners, "p.yaml")


def test_aliases_of_aliases_are_counted_written_out() -> None:
    """A hundred lines must not become a billion values."""
    bomb = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    bomb += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "has more than 100000 values, aliases written out" in faults("\n".join(bomb))[0]


def test_an_alias_may_be_used() -> None:
    """What two partners share is written once."""
    assert parse(b"a: &x {b: 1}\nc: *x").value == {"a": {"b": 1}, "c": {"b": 1}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0363", "0363"), ("no", "no"), ("on", "on"), ("12:30", "12:30"), ("2026-01-31", "2026-01-31"),
        ("1_000", "1_000"),
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("7", 7), ("-7", -7), ("0x1F", 31),
        ("1.5", 1.5), ("1e3", 1000.0), (".5", 0.5), ("'7'", "7"), ("7 days", "7 days"),
    ],
)  # fmt: skip
def test_plain_words_mean_what_they_say(text: str, value: object) -> None:
    """YAML 1.1 makes 243 of a municipality's 0363 and False of a `no`."""
    assert parse(f"a: {text}".encode()).value == {"a": value}


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With its path."""
    with pytest.raises(Refused, match=r"away\.yaml: cannot be read .there is no such file"):
        load_yaml(tmp_path / "away.yaml", Partners)


def test_a_pipe_in_the_place_of_a_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    """Rules are read again beside the batches: who waited for a writer would decide nothing more."""
    os.mkfifo(tmp_path / "partners.yaml")
    with pytest.raises(Refused, match=r"cannot be read .it is a pipe"):
        load_yaml(tmp_path / "partners.yaml", Partners)


def test_an_empty_file_lacks_what_is_required() -> None:
    """It is read as no keys at all."""
    assert faults("# nothing yet\n") == ["p.yaml:1: partners: is missing. Add it"]


def test_faults_found_later_have_lines_too(tmp_path: Path) -> None:
    """A rule that no signal can reach is found after reading."""
    file = tmp_path / "p.yaml"
    file.write_text("strict: true\n\npartners:\n- name: a\n  municipality: x\n  channel: {kind: webhook, address: x}\n")
    read = read_yaml(file, Partners)
    assert read.where("partners", 0, "channel", "kind") == f"{file}:6"
    assert read.where("partners", 0, "away") == f"{file}:4"


@given(st.one_of(st.binary(max_size=200), st.text("ab:-[]{}&*!|>'\"# \n\t?,0", max_size=80).map(str.encode)))
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    """No file ends in a traceback."""
    try:
        parse(text)
    except Faulty as fault:
        assert fault.line >= 1  # noqa: PT017  both ends are right; only another error is wrong


@pytest.mark.parametrize("text", [b"- a\n" * 200_000, b"[" + b"[]," * 200_000 + b"]", b"{" + b"a," * 400_000 + b"}"])
def test_a_file_with_too_many_values_is_refused_before_it_is_kept(text: bytes) -> None:
    """While it is read, and not after all of it stands in memory."""
    with pytest.raises(Faulty, match="has more than 50000 values"):
        parse(text)
