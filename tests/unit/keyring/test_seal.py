"""Sealing, wrapping and the household pseudonym."""

import errno
import os
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.signal import Sealed
from services.keyring.household import household
from services.keyring.seal import DataKey, SealBroken, seal, unseal
from services.keyring.wrap import KeyEncryptionKeys
from services.runtime.errors import Refused

KEY = DataKey("kid-1", bytes(range(32)))
SIGNAL = UUID(int=1)


@given(st.binary(max_size=2000))
def test_what_is_sealed_opens_again(content: bytes) -> None:
    """Nothing is lost under the seal, whatever the bytes."""
    assert (
        unseal(KEY, seal(KEY, content, topic="signals.v1", signal=SIGNAL), topic="signals.v1", signal=SIGNAL) == content
    )


@pytest.mark.parametrize(
    ("key", "topic", "signal"),
    [
        (KEY, "referrals.v1", SIGNAL),
        (KEY, "signals.v1", UUID(int=2)),
        (DataKey("kid-2", KEY.secret), "signals.v1", SIGNAL),
        (DataKey("kid-1", bytes(32)), "signals.v1", SIGNAL),
    ],
    ids=["another topic", "another signal", "another key id", "another key"],
)
def test_a_box_opens_only_where_it_belongs(key: DataKey, topic: str, signal: UUID) -> None:
    """Moved to another case, topic or key, a box does not open."""
    box = seal(KEY, b"verzonnen", topic="signals.v1", signal=SIGNAL)
    with pytest.raises(SealBroken):
        unseal(key, box, topic=topic, signal=signal)


def test_a_key_id_cannot_be_swapped_on_the_box() -> None:
    """The key id is under the seal: renaming it does not make the other key's content pass."""
    box = seal(KEY, b"verzonnen", topic="signals.v1", signal=SIGNAL)
    renamed = Sealed(kid="kid-2", box=box.box)
    with pytest.raises(SealBroken):
        unseal(DataKey("kid-2", KEY.secret), renamed, topic="signals.v1", signal=SIGNAL)


def test_a_key_never_prints_itself() -> None:
    """A data key in a log line or a traceback shows its id only."""
    assert KEY.secret.hex() not in repr(KEY)
    assert str(KEY.secret) not in repr(KEY)


@given(st.text(max_size=30), st.text(max_size=30))
def test_one_dwelling_is_one_household_and_two_are_two(dwelling: str, other: str) -> None:
    """Spaces and case do not count; anything else does."""
    same = "".join(dwelling.split()).casefold() == "".join(other.split()).casefold()
    assert (household(b"k" * 32, dwelling) == household(b"k" * 32, other)) is same


def test_two_corporations_cannot_compare_households() -> None:
    """The key is the corporation's own, so equal dwelling ids tell nothing across corporations."""
    assert household(b"a" * 32, "E-555") != household(b"b" * 32, "E-555")


def test_a_rotated_key_still_unwraps_what_the_old_one_wrapped(tmp_path: Path) -> None:
    """The last line wraps, every line unwraps."""
    path = tmp_path / "kek"
    old = KeyEncryptionKeys.make(path, "kek-1")
    wrapped = old.wrap("kid", b"s" * 32)
    path.write_text(path.read_text() + f"kek-2:{'ab' * 32}\n")
    new = KeyEncryptionKeys.read(path)
    assert new.current == "kek-2"
    assert new.unwrap("kid", "kek-1", wrapped) == b"s" * 32
    with pytest.raises(SealBroken):
        new.unwrap("another-kid", "kek-1", wrapped)


@pytest.mark.parametrize("text", ["", "kek-1", "kek-1:zz", f"kek-1:{'ab' * 31}", f"{'k' * 64}:{'ab' * 32}"])
def test_a_bad_key_file_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    """The error names file and line, never what stands there."""
    path = tmp_path / "kek"
    path.write_text(text)
    with pytest.raises(Refused) as refusal:
        KeyEncryptionKeys.read(path)
    assert "ab" * 31 not in str(refusal.value)


def test_an_existing_key_file_is_never_overwritten(tmp_path: Path) -> None:
    """Making keys twice keeps the first: overwriting would make every case unreadable."""
    path = tmp_path / str(uuid4()) / "kek"
    first = KeyEncryptionKeys.make(path, "kek-1")
    assert KeyEncryptionKeys.make(path, "kek-2") == first
    assert path.stat().st_mode & 0o077 == 0


def test_a_key_file_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is ended while it makes one, or finds a full disk, leaves no empty file that stops every start after."""
    path = tmp_path / "kek"

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="no space"):
            KeyEncryptionKeys.make(path, "kek-1")
    assert list(tmp_path.iterdir()) == []
    assert KeyEncryptionKeys.make(path, "kek-2").current == "kek-2"


@pytest.mark.parametrize("links", [True, False])
def test_of_two_that_make_a_key_file_at_once_both_have_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    """The second comes while the first draws: what was wrapped with either can be opened, also without hard links."""
    path = tmp_path / "kek"

    def none(_beside: Path, _path: Path) -> None:
        raise PermissionError(errno.EPERM, "no hard links here")

    if not links:
        monkeypatch.setattr(os, "link", none)
    made: list[KeyEncryptionKeys] = []

    def drawn(count: int) -> bytes:
        made.append(KeyEncryptionKeys.make(path, "kek-1"))
        return b"s" * count

    assert KeyEncryptionKeys.make(path, "kek-2", drawn) == made[0]
    assert [each.name for each in tmp_path.iterdir()] == ["kek"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_key_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """A secret of 32 bytes in a file is a usual slip; it is not shown, and is no traceback."""
    path = tmp_path / "kek"
    path.write_bytes(b"\xff" * 32)
    with pytest.raises(Refused, match="64 hex digits"):
        KeyEncryptionKeys.read(path)


def test_a_key_file_that_we_may_not_read_is_not_told_as_missing(tmp_path: Path) -> None:
    """Told that it is not there, somebody would make another one."""
    with pytest.raises(Refused, match="cannot be read"):
        KeyEncryptionKeys.read(tmp_path)
