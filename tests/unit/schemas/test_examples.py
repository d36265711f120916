"""The golden examples, the refused ones, and the generated documents."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from schemas.generate import EXAMPLES, FOLDER, MODELS, files
from schemas.message import Malformed, Message
from schemas.topics import OURS

GOLDEN = sorted(path for path in EXAMPLES.glob("*.json") if not path.name.startswith("refused-"))
REFUSED = sorted(EXAMPLES.glob("refused-*.json"))


def model_of(path: Path) -> type[Message]:
    """The model a file name speaks of: the longest that fits."""
    name = path.name.removeprefix("refused-")
    return MODELS[max((model for model in MODELS if name.startswith(model)), key=len)]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_golden_example_is_read(path: Path) -> None:
    """What v1 once wrote, every later v1 reads."""
    assert model_of(path).read(path.read_bytes())


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_field_that_v1_does_not_know_yet_is_no_fault(path: Path) -> None:
    """Adding an optional field is no new version, at any depth."""
    document = json.loads(path.read_bytes())
    document["added_in_a_later_v1"] = {"anything": 1}
    if "facts" in document:
        document["facts"]["added_in_a_later_v1"] = "code"
    model = model_of(path)
    assert model.read(json.dumps(document)) == model.read(path.read_bytes())


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_what_must_not_parse_does_not(path: Path) -> None:
    """Each refused example has one fault, and the error names a field without showing its value."""
    with pytest.raises(Malformed) as refusal:
        model_of(path).read(path.read_bytes())
    assert refusal.value.fields
    assert "verzonnen" not in str(refusal.value)
    assert "Voorbeeldstraat" not in str(refusal.value)


@pytest.mark.parametrize("path", [*GOLDEN, *REFUSED], ids=lambda path: path.stem)
def test_the_published_schemas_judge_every_example_as_the_models_do(path: Path) -> None:
    """Whoever reads our topics without Python takes what we take, and refuses what we refuse."""
    name = next(name for name, model in MODELS.items() if model is model_of(path))
    judge = Draft202012Validator(
        json.loads((FOLDER / f"{name}.json").read_text()), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    assert judge.is_valid(json.loads(path.read_bytes())) is (path in GOLDEN)


def test_every_topic_of_ours_has_a_golden_and_a_refused_example() -> None:
    """No topic goes without an example of both sorts."""
    golden = {model_of(path) for path in GOLDEN}
    refused = {model_of(path) for path in REFUSED}
    assert {topic.carries for topic in OURS} <= golden & refused


@pytest.mark.parametrize("name", sorted(files()))
def test_the_committed_documents_are_the_generated_ones(name: str) -> None:
    """`json/` never drifts from the models: run `make schemas`."""
    assert (FOLDER / name).read_text() == files()[name]


def test_only_generated_documents_stand_in_json() -> None:
    """A model that is gone leaves no schema behind."""
    assert {path.name for path in FOLDER.iterdir()} == set(files())


def test_a_message_with_an_unknown_field_cannot_be_written() -> None:
    """Strict in what we write: a misspelt field is an error where it is made."""
    document = json.loads((EXAMPLES / "outcome-forwarded.json").read_bytes())
    with pytest.raises(ValueError, match="Extra inputs"):
        MODELS["outcome"].model_validate_json(json.dumps({**document, "partner": "veilig-thuis-voorbeeld"}))
