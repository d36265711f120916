"""The keyring's two tables, in a database of their own with backups of their own."""

from typing import Final

from sqlalchemy import Column, LargeBinary, MetaData, String, Table, Uuid

from services.runtime.columns import Instant

metadata: Final = MetaData()

# A case is its signal. `kek` is the key that wraps; `wrapped` is null once destroyed.
DATA_KEY: Final = Table(
    "keyring_data_key",
    metadata,
    Column("signal", Uuid, primary_key=True),
    Column("kid", String(64), nullable=False),
    Column("kek", String(64), nullable=False),
    Column("wrapped", LargeBinary, nullable=True),
    Column("made_at", Instant, nullable=False),
    Column("destroyed_at", Instant, nullable=True),
)

# An owner is a corporation or `house`; the purpose is household or parking; `public` is X25519, of a parking key.
OWNER_KEY: Final = Table(
    "keyring_owner_key",
    metadata,
    Column("owner", String(63), primary_key=True),
    Column("purpose", String(16), primary_key=True),
    Column("kid", String(64), nullable=False, unique=True),
    Column("kek", String(64), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("public", LargeBinary, nullable=True),
    Column("made_at", Instant, nullable=False),
)
