"""PARTNER FEEDBACK: the sandbox's partners tell us how it goes, each in another way: PUT, Subscription, polling.

What a real partner's entry would say is added to the configuration in force, where it says nothing of that.
"""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from services.sandbox.whole_file import write_whole

TOPIC: Final = "https://sandbox.example/SubscriptionTopic/task-changed"
HEARD: Final = frozenset({"fhir", "slow", "webhook"})
"""Who fails half of the time says nothing."""

EVERY_SECONDS: Final = 5
SELDOM_SECONDS: Final = 30
"""Where we are notified, only what a notification did not bring is found by asking."""

TOKEN_BYTES: Final = 32


def conversing(partners: Path, serving: Callable[[str], str], tokens: Path) -> dict[str, dict[str, str]]:
    """Add to this `partners.yaml` how each partner of the sandbox is heard; returns tokens by server and kind of help.

    `serving` says which server is at an address; each partner's token is made once, in the folder `tokens`.
    """
    file = yaml.safe_load(partners.read_text())
    given: dict[str, dict[str, str]] = {}
    for entry in file["partners"]:
        host = serving(entry["channel"].get("url", ""))
        if host not in HEARD or "feedback" in entry or "access" in entry:
            continue
        place = tokens / entry["id"]
        given.setdefault(host, {}).update(dict.fromkeys((part["kind"] for part in entry["serves"]), _token(place)))
        if feedback := feedback_of(host, entry):
            entry["feedback"] = feedback
        entry["access"] = {"tokens": [f"file:{place.absolute()}"]}
    write_whole(partners, yaml.safe_dump(file, allow_unicode=True, sort_keys=False))
    return given


def feedback_of(host: str, entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """By the server behind its address, and the country. None where a token is all: they tell us by themselves."""
    match host, entry["country"]:
        case "fhir", "NL":  # other partners have Tasks on the same server
            whose = f"{entry['identifier']['system']}|{entry['identifier']['value']}"
            filter_ = f"Task?owner:identifier={whose}"
            return {"type": "subscription", "topic": TOPIC, "every_seconds": SELDOM_SECONDS, "filter": filter_}
        case "fhir" | "slow", _:
            return {"type": "polling", "every_seconds": EVERY_SECONDS}
        case _:
            return None


def _token(place: Path) -> str:
    if not place.exists():
        place.parent.mkdir(mode=0o700, exist_ok=True)
        write_whole(place, secrets.token_hex(TOKEN_BYTES))
    return place.read_text().strip()
