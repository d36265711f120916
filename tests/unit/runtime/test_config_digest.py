"""A digest of what a file says."""

from schemas.partner import Identifier
from services.runtime.config_digest import LENGTH, digest, tell
from services.runtime.metrics import Metrics

ONE, OTHER = Identifier(system="urn:a", value="1"), Identifier(system="urn:a", value="2")


def test_it_is_another_one_as_soon_as_anything_is() -> None:
    """But for the order; and what is in none of the entries is in no digest."""
    assert digest([ONE, OTHER]) == digest([OTHER, ONE])
    assert len({digest([]), digest([ONE]), digest([OTHER]), digest([ONE, OTHER]), digest([ONE, ONE])}) == 5
    assert len(digest([ONE])) == LENGTH
    assert int(digest([ONE]), 16)


def test_it_is_told_for_each_file_of_a_service() -> None:
    """As one line each, whose value says nothing."""
    metrics = Metrics()
    tell(metrics, "ingest", {"sources.yaml": [ONE], "areas": []})
    told = [line for line in metrics.text().decode().splitlines() if line.startswith("seinpaal_config_info{")]
    assert sorted(told) == sorted(
        f'seinpaal_config_info{{file="{file}",hash="{digest(entries)}",service="ingest"}} 1.0'
        for file, entries in (("sources.yaml", [ONE]), ("areas", []))
    )
