"""What is wrong with keys is told in the reader's language."""

from pathlib import Path

import pytest

from services.keyring import words
from services.keyring.wrap import KeyEncryptionKeys
from services.runtime.errors import Refused
from tests.languages import catalogue, unlike

TEXTS = catalogue(words)


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_there_in_both_languages(name: str) -> None:
    """With a place for the same values in each."""
    assert unlike(TEXTS[name])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "`seinpaal keys init` maakt de eerste"),
        (b"", "is leeg: zet de regels terug"),
        (b"kek-1:abc", ":1: hier hoort `id:` en 64 hexadecimale cijfers"),
        (b"\xff", "en het is geen tekst"),
    ],
)
def test_a_file_of_keys_that_cannot_be_used_is_told_in_dutch(tmp_path: Path, content: bytes | None, said: str) -> None:
    """With what to do, and nothing of the file."""
    file = tmp_path / "keyring.kek"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Refused) as caught:
        KeyEncryptionKeys.read(file)
    assert said in caught.value.said("nl")
    assert "abc" not in caught.value.said("nl")
