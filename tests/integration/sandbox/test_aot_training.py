"""What Java learned of Kafka makes a broker start sooner, and never keeps one from starting."""

from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it ships no types
import pytest

from services.sandbox import aot_cache
from services.sandbox.aot_training import train
from services.sandbox.kafka import EmbeddedKafka


async def test_a_broker_starts_with_what_was_learned(tmp_path: Path) -> None:
    """The file lies in its memory; made now, where no run of the tests has made it yet."""
    if not aot_cache.learned().exists():
        await train()
    kafka = EmbeddedKafka(tmp_path)
    try:
        await kafka.start()
        mapped = {one.path for one in psutil.Process(kafka.pid).memory_maps()}
    finally:
        await kafka.stop()
    assert str(aot_cache.learned()) in mapped


async def test_what_does_not_fit_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of another Java, or half a file: the broker starts as if there were none."""
    monkeypatch.setattr(aot_cache, "cache_folder", lambda: tmp_path)
    aot_cache.learned().write_bytes(bytes(range(256)) * 4096)
    assert aot_cache.using()
    kafka = EmbeddedKafka(tmp_path / "kafka")
    try:
        await kafka.start()
    finally:
        await kafka.stop()
