"""What the compose file and the manifests set is what the code reads."""

from pathlib import Path
from typing import Final

import pytest
from pydantic_settings import BaseSettings
from structlog.testing import capture_logs
from typer.main import get_command
from typer.testing import CliRunner

from services.audit.settings import AuditSettings
from services.cli import COMMANDS
from services.console.settings import ConsoleSettings
from services.ingest.settings import IngestSettings
from services.keyring.commands import app as keys
from services.keyring.settings import KeyringSettings
from services.keyring.wrap import KeyEncryptionKeys
from services.notify.settings import NotifySettings
from services.processes import STAGES
from services.router.settings import RouterSettings
from services.run_command import app as run
from services.run_settings import check, notices
from services.runtime.settings import KafkaSettings
from services.runtime.settings_check import load, variable
from tests.unit.deploy.deployed import DEPLOY, Process, on_cluster, on_one_host, pods, processes

READS: Final[dict[str, tuple[type[BaseSettings], ...]]] = {
    "ingest": (KafkaSettings, IngestSettings, KeyringSettings),
    "router": (KafkaSettings, RouterSettings),
    "notify": (KafkaSettings, NotifySettings, KeyringSettings),
    "audit": (KafkaSettings, AuditSettings),
    "console": (KafkaSettings, ConsoleSettings, AuditSettings, NotifySettings, IngestSettings),
    "reconcile": (KafkaSettings, AuditSettings, NotifySettings, IngestSettings),
}

KEYS: Final = {"KEYRING_DATABASE_URL", "KEYRING_KEK_FILE"}
LOOKS: Final = {"AUDIT_DATABASE_URL", "NOTIFY_DATABASE_URL", "INGEST_CONFIG"}
"""What `seinpaal reconcile` needs, whoever runs it."""

WHO: Final = "SEINPAAL_SOURCE"
"""Of whoever writes events: what people decide is written in the console's pod."""

MUST: Final = {
    "ingest": {"INGEST_INSTANCE", "INGEST_CONFIG", "KAFKA_REPLICATION", WHO, *KEYS},
    "router": {
        "ROUTER_INSTANCE",
        "ROUTER_CONFIG",
        "ROUTER_DATABASE_URL",
        "ROUTER_PARKING_KEY",
        "KAFKA_REPLICATION",
        WHO,
    },
    "notify": {"NOTIFY_INSTANCE", "NOTIFY_CONFIG", "NOTIFY_DATABASE_URL", "KAFKA_REPLICATION", WHO, *KEYS},
    "audit": {"AUDIT_INSTANCE", "AUDIT_DATABASE_URL", "AUDIT_PARKING_KEY", "KAFKA_REPLICATION", WHO},
    "console": {"CONSOLE_HOST", "CONSOLE_PORT", "NOTIFY_CONFIG", WHO, *LOOKS},
    "reconcile": LOOKS,
}

REFERENCE: Final = {WHO: "urn:nld:kvknr:12345678:systeem:seinpaal"}
"""What a reference is taken to hold, where not anything will do."""

OF_ASYNCPG: Final = {"PGSSLROOTCERT"}
"""libpq's name for the authority of `sslmode=verify-full`, which asyncpg reads too."""

HOLDERS: Final = {"ingest", "notify"}

every_process = pytest.mark.parametrize("process", processes(), ids=lambda process: f"{process.where}-{process.name}")


@every_process
def test_every_variable_is_a_setting_of_that_process(process: Process) -> None:
    """A misspelt variable would leave a default in force, unseen."""
    known = {variable(settings, field) for settings in READS[process.name] for field in settings.model_fields}
    assert set(process.environment) <= known | OF_ASYNCPG


@every_process
def test_what_is_set_can_be_read(process: Process) -> None:
    """The values parse, and no required setting is missing."""
    given = {name: value or REFERENCE.get(name, "a-reference") for name, value in process.environment.items()}
    for settings in READS[process.name]:
        load(settings, environment=given)


@every_process
def test_no_default_stands_for_a_place_or_a_name(process: Process) -> None:
    """Folder, database, broker and key defaults are those of a laptop: in production each is given."""
    assert {"KAFKA_BOOTSTRAP"} | MUST[process.name] <= set(process.environment)


@every_process
def test_only_ingest_and_notify_are_told_where_keys_are(process: Process) -> None:
    """Router, audit, console and reconcile have neither the keyring's address nor the key-encryption key."""
    assert any(name.startswith("KEYRING_") for name in process.environment) == (process.name in HOLDERS)


@every_process
def test_it_is_started_by_a_command_there_is(process: Process) -> None:
    """The arguments are a command of `seinpaal`, with options it has."""
    command, *arguments = process.arguments
    assert command in COMMANDS
    if command == "run":
        assert arguments[0] == process.name
        context = get_command(run).make_context("run", arguments)
        assert (context.params["health_host"], context.params["health_port"]) == ("0.0.0.0", 9090)  # noqa: S104  probes come from outside the pod


def test_every_service_is_deployed_on_a_host_and_on_a_cluster() -> None:
    """Whatever `seinpaal run` knows."""
    assert {process.name for process in on_one_host()} == set(STAGES)
    assert {process.name for process in on_cluster()} == {*STAGES, "reconcile"}


@every_process
def test_no_image_is_whatever_is_newest(process: Process) -> None:
    """Every image has a version."""
    _, _, version = process.image.partition(":")
    assert version not in {"", "latest"}


@pytest.mark.parametrize("stage", sorted(set(STAGES) - {"console"}))
def test_a_pod_is_known_to_its_group_by_its_own_name(stage: str) -> None:
    """A static member must keep its name over a restart, and no two may share one."""
    environment = {each["name"]: each for each in pods()[stage]["spec"]["containers"][0]["env"]}
    source = environment[f"{stage.upper()}_INSTANCE"]["valueFrom"]
    assert source == {"fieldRef": {"fieldPath": "metadata.name"}}


def test_passwords_and_addresses_come_from_secrets() -> None:
    """No manifest holds one."""
    for pod in pods().values():
        for each in pod["spec"]["containers"][0]["env"]:
            if each["name"].endswith(("_PASSWORD", "_DATABASE_URL")):
                assert "secretKeyRef" in each["valueFrom"], each["name"]


def test_a_variable_that_nobody_reads_is_named_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the setting most like it and without its value; it may be another program's, so the service starts."""
    monkeypatch.setenv("INGEST_CONFIG", str(DEPLOY / "config"))
    monkeypatch.setenv("INGEST_WHERE", "hidden-word")
    with capture_logs() as lines:
        check(IngestSettings)
    (line,) = lines
    assert (line["event"], line["field"]) == ("settings.unknown", "INGEST_WHERE")
    assert "INGEST_" in str(line["why"])
    assert "hidden-word" not in str(line)


def test_who_does_not_say_who_they_are_is_told_at_the_start_and_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A running installation goes on; once it is said, nothing is told."""
    monkeypatch.delenv(WHO, raising=False)
    with capture_logs() as lines:
        check(KafkaSettings)
    (line,) = lines
    assert (line["event"], line["field"], line["log_level"]) == ("settings.placeholder", WHO, "warning")
    assert notices(KafkaSettings) == (line["why"],)
    monkeypatch.setenv(WHO, REFERENCE[WHO])
    with capture_logs() as silent:
        check(KafkaSettings)
    assert (silent, notices(KafkaSettings)) == ([], ())


@pytest.mark.parametrize("mode", [0o644, 0o602, 0o444])
def test_keys_that_everybody_may_read_are_told_of_at_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: int
) -> None:
    """With what to do; it starts all the same, and is silent where only its owner and its group have them."""
    file = tmp_path / "keyring.kek"
    KeyEncryptionKeys.make(file, "kek-1")
    monkeypatch.setenv("KEYRING_KEK_FILE", str(file))
    for allowed in (0o600, 0o440):
        file.chmod(allowed)
        with capture_logs() as silent:
            check(KeyringSettings)
        assert silent == []
    file.chmod(mode)
    with capture_logs() as lines:
        check(KeyringSettings)
    (line,) = lines
    assert (line["event"], line["field"], line["log_level"]) == ("settings.exposed", "KEYRING_KEK_FILE", "warning")
    assert f"chmod o= {file}" in str(line["why"])


def test_who_makes_keys_where_some_lie_bare_is_told(tmp_path: Path) -> None:
    """The file is left as it is, so its mode is too."""
    file = tmp_path / "keyring.kek"
    KeyEncryptionKeys.make(file, "kek-1")
    file.chmod(0o644)
    made = CliRunner().invoke(keys, ["init", str(file)])
    assert f"chmod o= {file}" in made.stderr
    file.chmod(0o640)
    assert CliRunner().invoke(keys, ["init", str(file)]).stderr == ""
