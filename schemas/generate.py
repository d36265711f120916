"""`python -m schemas.generate`: JSON Schemas and the AsyncAPI 3 document, from the models and the topics."""

import json
from pathlib import Path
from typing import Any, Final

from schemas.audit import AuditEntry
from schemas.call import Call
from schemas.command import Command
from schemas.delivery import Delivery
from schemas.message import Message
from schemas.outcome import Outcome
from schemas.parked import Parked
from schemas.referral import Referral
from schemas.signal import Particulars, Signal
from schemas.topics import OURS, Topic, outcome_topic

FOLDER: Final = Path(__file__).parent / "json"
EXAMPLES: Final = Path(__file__).parent / "examples"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

MODELS: Final[dict[str, type[Message]]] = {
    "signal": Signal,
    "particulars": Particulars,
    "referral": Referral,
    "delivery": Delivery,
    "call": Call,
    "audit-entry": AuditEntry,
    "outcome": Outcome,
    "parked": Parked,
    "command": Command,
}


def json_schema(model: type[Message]) -> dict[str, Any]:
    """The model as draft 2020-12. Readers accept added optional fields, so the published schema leaves them open."""
    schema = model.model_json_schema(mode="serialization" if model is not Particulars else "validation")
    return {"$schema": DIALECT, **opened(schema)}


def opened(schema: Any) -> Any:
    """The same schema without `additionalProperties: false`: v1 may gain optional fields."""
    if isinstance(schema, dict):
        return {name: opened(part) for name, part in schema.items() if name != "additionalProperties"}
    if isinstance(schema, list):
        return [opened(part) for part in schema]
    return schema


def channel(topic: Topic) -> dict[str, Any]:
    """One AsyncAPI channel: address, message, Kafka binding."""
    assert topic.carries is not None  # noqa: S101  only our own topics are published
    name = next(name for name, model in MODELS.items() if model is topic.carries)
    return {
        "address": topic.name,
        "description": topic.sentence,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {
            "kafka": {"topic": topic.name, "partitions": topic.partitions, "topicConfiguration": configuration(topic)}
        },
    }


def configuration(topic: Topic) -> dict[str, Any]:
    """Kafka's topic settings in the words of the AsyncAPI Kafka binding 0.5."""
    configs = topic.configs()
    return {"cleanup.policy": [configs["cleanup.policy"]], "retention.ms": int(configs["retention.ms"])}


def message(topic: Topic) -> dict[str, Any]:
    """One AsyncAPI message. Its examples stand in `examples/`: the 3.0 parser passes over examples here."""
    assert topic.carries is not None  # noqa: S101  only our own topics are published
    name = next(name for name, model in MODELS.items() if model is topic.carries)
    return {
        "name": topic.event_type,
        "title": topic.carries.__name__,
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/cloudevent-headers"},
        "payload": {"schemaFormat": f"application/schema+json;version={DIALECT}", "schema": {"$ref": f"{name}.json"}},
        "bindings": {"kafka": {"key": {"type": "string", "description": topic.keyed_by}}},
    }


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document of every topic of ours."""
    topics = (*OURS, outcome_topic("{corporation}"))
    names = {topic.name: topic.name.replace(".{corporation}", "") for topic in topics}
    channels = {names[topic.name]: channel(topic) for topic in topics}
    channels["outcomes"]["parameters"] = {"corporation": {"description": "The corporation's name in sources.yaml"}}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Seinpaal", "version": "1", "description": "What travels between the stages, and to whom."},
        "channels": channels,
        "operations": {
            f"read-{name}": {"action": "receive", "channel": {"$ref": f"#/channels/{name}"}} for name in channels
        },
        "components": {
            "messages": {
                next(name for name, model in MODELS.items() if model is topic.carries): message(topic)
                for topic in topics
            },
            "schemas": {"cloudevent-headers": HEADERS},
        },
    }


HEADERS: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["ce_id", "ce_source", "ce_specversion", "ce_type", "ce_time", "content-type"],
    "properties": {
        "ce_id": {"type": "string", "format": "uuid"},
        "ce_source": {"type": "string", "pattern": "^urn:"},
        "ce_specversion": {"const": "1.0"},
        "ce_type": {"type": "string"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_traceparent": {"type": "string"},
        "content-type": {"const": "application/json"},
        "salt": {"description": "32 raw bytes, on audit.v1 only"},
    },
}


def files() -> dict[str, str]:
    """File name -> text, of everything that is generated."""
    documents = {f"{name}.json": json_schema(model) for name, model in MODELS.items()}
    documents["asyncapi.json"] = asyncapi()
    return {name: json.dumps(document, indent=1, ensure_ascii=False) + "\n" for name, document in documents.items()}


def main() -> None:
    """Write them all."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
