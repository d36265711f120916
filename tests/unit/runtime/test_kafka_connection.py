"""Every way to sign in reaches every kind of client in the same words."""

import ssl
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.runtime.errors import Refused
from services.runtime.kafka.connection import arguments
from services.runtime.settings import KafkaSettings


def test_a_plain_connection_has_addresses_and_a_name() -> None:
    """Several addresses come apart at the commas."""
    given = arguments(KafkaSettings(bootstrap="kafka-1:9092, kafka-2:9092"), client_id="ingest-0")
    assert given["bootstrap_servers"] == ["kafka-1:9092", "kafka-2:9092"]
    assert given["client_id"] == "ingest-0"
    assert given["security_protocol"] == "PLAINTEXT"


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
@pytest.mark.parametrize("protocol", ["SASL_PLAINTEXT", "SASL_SSL"])
def test_a_user_signs_in_with_the_mechanism_asked_for(protocol: str, mechanism: str) -> None:
    """User, password and mechanism arrive, and TLS exactly where the protocol has it."""
    settings = KafkaSettings.model_validate(
        {"security_protocol": protocol, "sasl_mechanism": mechanism, "username": "seinpaal", "password": "geheim-test"}
    )
    given = arguments(settings, client_id="x")
    assert given["security_protocol"] == protocol
    assert given["sasl_mechanism"] == mechanism
    assert given["sasl_plain_username"] == "seinpaal"
    assert given["sasl_plain_password"] == "geheim-test"  # noqa: S105  synthetic
    assert (given["ssl_context"] is not None) == (protocol == "SASL_SSL")


def test_tls_proves_who_the_broker_is() -> None:
    """The certificate and the host name are checked."""
    context = arguments(KafkaSettings(security_protocol="SSL"), client_id="x")["ssl_context"]
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_sasl_without_a_user_is_refused_with_the_fix() -> None:
    """Settings that cannot work are refused at once, not at the first connection."""
    with pytest.raises(Refused, match="KAFKA_USERNAME and KAFKA_PASSWORD"):
        arguments(KafkaSettings(security_protocol="SASL_SSL", password=SecretStr("geheim-test")), client_id="x")


@pytest.mark.parametrize("bad", ["", " , ", "kafka 1:9092", "http://kafka:9092"])
def test_addresses_that_are_none_are_refused(bad: str) -> None:
    """Nobody waits for a broker that no address leads to."""
    with pytest.raises(Refused, match=r"KAFKA_BOOTSTRAP: should be host:port"):
        arguments(KafkaSettings(bootstrap=bad), client_id="x")


@pytest.mark.parametrize("name", ["cafile", "certfile"])
@pytest.mark.parametrize("there", [False, True])
def test_a_file_that_is_no_certificate_is_refused_by_its_setting(tmp_path: Path, name: str, *, there: bool) -> None:
    """Missing or of another sort: the setting is named, and what to do, not a traceback."""
    file = tmp_path / "pem"
    if there:
        file.write_text("no certificate")
    with pytest.raises(Refused, match=f"KAFKA_{name.upper()}"):
        arguments(KafkaSettings(security_protocol="SSL").model_copy(update={name: file}), client_id="x")
