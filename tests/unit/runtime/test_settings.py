"""Settings: read as a whole, and every fault told with its variable."""

from datetime import timedelta

import pytest
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.notify.settings import NotifySettings
from services.runtime.errors import Refused
from services.runtime.settings import KafkaSettings, load
from services.runtime.settings_check import strangers

CANARY = "hidden-word"


class Shelf(BaseSettings):
    """Some of everything."""

    model_config = SettingsConfigDict(env_prefix="SHELF_", frozen=True, env_nested_delimiter="__")

    waits: tuple[timedelta, ...] = Field(default=(), description="after each failed attempt")
    signing_key: SecretStr = Field(min_length=16, description="shared with the partner")
    boxes: int = Field(default=3, ge=1, description="how many boxes")
    database: str = Field(validation_alias="DATABASE_URL", description="where the ledger is")
    limits: dict[str, int] = Field(default={}, description="per day")


GOOD = {"SHELF_SIGNING_KEY": CANARY * 2, "DATABASE_URL": "sqlite:///x.db"}


def faults(environment: dict[str, str]) -> list[str]:
    """The lines of the refusal."""
    with pytest.raises(Refused) as caught:
        load(Shelf, environment=environment)
    return str(caught.value).splitlines()


def test_settings_come_from_the_environment() -> None:
    """JSON for lists, nested names for mappings, a secret as a secret."""
    found = load(Shelf, environment={**GOOD, "SHELF_WAITS": '["PT5S", 10]', "SHELF_LIMITS__DAY": "3"})
    assert found.waits == (timedelta(seconds=5), timedelta(seconds=10))
    assert found.limits == {"day": 3}
    assert CANARY not in repr(found)


def test_a_command_line_outranks_the_environment() -> None:
    """What a person typed just now counts."""
    assert load(Shelf, environment={**GOOD, "SHELF_BOXES": "7"}, boxes=9).boxes == 9


def test_without_an_environment_it_is_the_process_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it runs in production."""
    monkeypatch.setenv("KAFKA_BOOTSTRAP", "broker.example:9092")
    assert load(KafkaSettings).bootstrap == "broker.example:9092"


def test_every_fault_is_told_at_once_and_no_value() -> None:
    """Also those behind a value that is no JSON, at which pydantic-settings itself would stop."""
    environment = {
        "SHELF_WAITS": CANARY,
        "SHELF_SIGNING_KEY": CANARY,
        "SHELF_BOXES": CANARY,
        "SHELF_LIMITS": "{" + CANARY,
    }
    assert faults(environment) == [
        "DATABASE_URL: is missing. Add it (where the ledger is)",
        "SHELF_BOXES: should be a whole number (how many boxes)",
        "SHELF_LIMITS: should be a mapping of keys to values (per day)",
        "SHELF_SIGNING_KEY: should be at least 16 long (shared with the partner)",
        "SHELF_WAITS: should be a list (after each failed attempt)",
    ]


def test_a_fault_within_a_value_is_told_with_its_place() -> None:
    """Which of the waits it is."""
    assert faults({**GOOD, "SHELF_WAITS": f'["PT5S", "{CANARY}"]'}) == [
        "SHELF_WAITS.1: should be a duration, like PT15M or P2D (after each failed attempt)"
    ]


def test_settings_are_refused_in_dutch_too() -> None:
    """Line by line; what a setting is for stands in English, and says so."""
    with pytest.raises(Refused) as caught:
        load(Shelf, environment={**GOOD, "SHELF_BOXS": "9", "SHELF_BOXES": "x"})
    assert caught.value.said("nl").splitlines() == [
        "SHELF_BOXES: hoort een heel getal te zijn (Engels: how many boxes)",
        "SHELF_BOXS: is geen instelling. Bedoelt u SHELF_BOXES?",
    ]


def test_a_misspelt_variable_is_told() -> None:
    """Else the default stays in force, unseen."""
    assert faults({**GOOD, "SHELF_BOXS": "9"}) == ["SHELF_BOXS: is no setting. Did you mean SHELF_BOXES?"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("NOTIFY_DB_URL", "NOTIFY_DATABASE_URL"),
        ("notify_db_url", "NOTIFY_DATABASE_URL"),
        ("notify_confg", "NOTIFY_CONFIG"),
    ],
)
def test_a_variable_that_is_short_for_a_setting_is_told_however_it_is_written(given: str, meant: str) -> None:
    """An empty ledger at the default's place would look like a quiet night."""
    with pytest.raises(Refused) as caught:
        load(NotifySettings, environment={given: CANARY})
    assert str(caught.value) == f"{given}: is no setting. Did you mean {meant}?"


def test_a_variable_that_is_like_none_is_named_with_the_nearest() -> None:
    """It may be somebody else's, so it stops nothing; what is known to be others' is not named."""
    others = {"NOTIFY_SOCKET": "/run/x", "NOTIFY_SERVICE_HOST": "10.0.0.1", "NOTIFY_PORT": "tcp://10.0.0.1:9090"}
    given = {**others, "NOTIFY_DSN": CANARY, "notify_database_url": "sqlite:///x.db", "NOTIFY_CONFIG": "x"}
    assert [name for name, _ in strangers(NotifySettings, given)] == ["NOTIFY_DSN"]
    assert load(NotifySettings, environment=given).database_url == "sqlite:///x.db"


def test_variables_of_others_are_left_alone() -> None:
    """Kubernetes sets KAFKA_PORT and KAFKA_SERVICE_HOST for a service called kafka."""
    others = {"KAFKA_PORT": "tcp://10.0.0.1:9092", "KAFKA_SERVICE_HOST": "10.0.0.1", "KAFKA_HEAP_OPTS": "-Xmx1g"}
    assert load(KafkaSettings, environment=others) == load(KafkaSettings, environment={})


def test_nothing_behind_the_refusal_holds_the_value() -> None:
    """What prints causes prints none."""
    with pytest.raises(Refused) as caught:
        load(Shelf, environment={**GOOD, "SHELF_BOXES": CANARY})
    assert caught.value.__cause__ is caught.value.__context__ is None
