"""Wrapping: data keys stand in the database only under a key-encryption key, which stands elsewhere and has an id."""

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.words import filled
from services.keyring import words
from services.keyring.seal import KEY_BYTES, NONCE_BYTES, SealBroken
from services.runtime.errors import Refused

OWNER_ONLY: Final = 0o600
LONGEST_ID: Final = 63
"""As the tables have room for it: PostgreSQL would refuse every key wrapped under a longer one."""

BARE: Final = "every user here may read or change the keys: chmod o= {}, or a Kubernetes secret as defaultMode: 0440"


def bare(path: Path) -> str | None:
    """What to do where others than its owner and its group have a file of keys; None where they do not."""
    return BARE.format(path) if path.stat().st_mode & stat.S_IRWXO else None


@dataclass(frozen=True, slots=True)
class KeyEncryptionKeys:
    """All that may still unwrap, by id; the last of the file wraps. Rotation adds a line, then wraps anew."""

    secrets: dict[str, bytes] = field(repr=False)
    current: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """From a file of lines `id:hex` (64 hex digits), oldest first.

        Raises:
            Refused: when there is no such file or a line is not of that form; never with the line itself.
        """
        try:
            lines = [line.strip() for line in path.read_text().splitlines() if line.strip()]
        except FileNotFoundError:
            raise Refused(filled(words.NO_FILE, path)) from None
        except OSError as error:
            raise Refused(filled(words.KEPT_OUT, path, type(error).__name__)) from None
        except UnicodeDecodeError:
            raise Refused(filled(words.NO_TEXT, path)) from None
        secrets: dict[str, bytes] = {}
        for number, line in enumerate(lines, start=1):
            name, _, digits = line.partition(":")
            try:
                secret = bytes.fromhex(digits)
            except ValueError:
                secret = b""
            if not 0 < len(name) <= LONGEST_ID or len(secret) != KEY_BYTES:
                raise Refused(filled(words.NO_LINE, path, number, LONGEST_ID))
            secrets[name] = secret
        if not secrets:
            raise Refused(filled(words.EMPTY, path))
        return cls(secrets, next(reversed(secrets)))

    @classmethod
    def make(cls, path: Path, name: str, draw: Callable[[int], bytes] = os.urandom) -> Self:
        """Make the file with one key, readable by its owner only; an existing file is left as it is and read.

        It appears whole or not at all, where the file system has hard links, and is on the disk before anything is
        wrapped with it.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            handle, beside = mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=".new")
            try:
                with os.fdopen(handle, "w") as file:
                    file.write(f"{name}:{draw(KEY_BYTES).hex()}\n")
                    file.flush()
                    os.fsync(handle)
                with suppress(FileExistsError):  # of two at once the first stands
                    _appear(Path(beside), path)
            finally:
                Path(beside).unlink()
        return cls.read(path)

    def wrap(self, kid: str, secret: bytes, draw: Callable[[int], bytes] = os.urandom) -> bytes:
        """The secret under the current key, bound to its own id."""
        nonce = draw(NONCE_BYTES)
        return nonce + AESGCM(self.secrets[self.current]).encrypt(nonce, secret, kid.encode())

    def unwrap(self, kid: str, kek: str, wrapped: bytes) -> bytes:
        """The secret again.

        Raises:
            Refused: when the key-encryption key is not in the file.
            SealBroken: when the row was changed, or wrapped with another secret of that id.
        """
        secret = self.secrets.get(kek)
        if secret is None:
            raise Refused(filled(words.NOT_IN_IT, kek))
        try:
            return AESGCM(secret).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], kid.encode())
        except InvalidTag:
            why = "the key was changed in the database, or KEYRING_KEK_FILE has another secret under that id"
            raise SealBroken(f"{kek} does not open key {kid}: {why}") from None


def _appear(beside: Path, path: Path) -> None:
    """Raises FileExistsError when somebody was first."""
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError:  # shared folders of virtual machines have no links: never two of it there, if not always whole
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as file:
            file.write(beside.read_text())
            file.flush()
            os.fsync(file.fileno())
