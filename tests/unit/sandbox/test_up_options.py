"""Which broker `seinpaal up` runs on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.runtime.errors import Refused
from services.sandbox import commands
from services.sandbox.world import Options, embedded

SOURCED = {
    "KAFKA_BOOTSTRAP": "127.0.0.1:19092",
    "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
    "KAFKA_USERNAME": "seinpaal",
    "KAFKA_PASSWORD": "synthetic",
}


def asked(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str, environment: Mapping[str, str] = SOURCED
) -> Options:
    """What `up` would run, typed in a shell that knows a broker."""
    given: list[Options] = []

    def kept(world: Options, *_rest: Any, **_more: Any) -> None:
        given.append(world)

    monkeypatch.setattr(commands, "_run", kept)
    result = CliRunner().invoke(commands.app, ["--state", str(folder / "state"), *words], env=environment)
    assert result.exit_code == 0, result.output
    return given[0]


def test_a_verdict_for_a_program_is_asked_for_where_there_is_one(tmp_path: Path) -> None:
    """Without --exit nothing is judged, and a script would wait for ever."""
    words = ["--state", str(tmp_path / "state"), "--signals", "3", "--json"]
    result = CliRunner().invoke(commands.app, words)
    assert isinstance(result.exception, Refused)
    assert "--exit" in str(result.exception)


@pytest.mark.parametrize("fresh", [(), ("--fresh",)])
def test_a_shell_that_knows_another_sandbox_gets_a_broker_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fresh: tuple[str, ...]
) -> None:
    """`. .state/environment` is for looking at a sandbox; the next one writes made-up signals to nobody else."""
    assert asked(monkeypatch, tmp_path, *fresh).kafka is None


def test_a_broker_that_is_named_is_signed_in_at_as_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its address is typed; a password is not."""
    kafka = asked(monkeypatch, tmp_path, "--kafka", "broker.example:9093").kafka
    assert kafka is not None
    assert (kafka.bootstrap, kafka.security_protocol) == ("broker.example:9093", "SASL_SSL")


def test_the_embedded_broker_is_reached_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the clear on this machine, whatever the shell says of another one."""
    for name, value in SOURCED.items():
        monkeypatch.setenv(name, value)
    kafka = embedded("127.0.0.1:9092")
    assert (kafka.bootstrap, kafka.security_protocol, kafka.username) == ("127.0.0.1:9092", "PLAINTEXT", None)
