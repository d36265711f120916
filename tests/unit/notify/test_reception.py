"""Who may ask, how often, and where the reception may listen."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.notify.reception.allowance import Allowance
from services.notify.reception.callers import Callers, callers
from services.notify.reception.settings import ReceptionSettings
from services.notify.secrets import Secrets
from services.runtime.errors import Refused
from tests.unit.notify import samples

TOKEN = "synthetic-token-0000000000000000001"  # noqa: S105  nobody has it
THEIRS = "synthetic-token-0000000000000000002"


def test_a_short_token_is_refused() -> None:
    """It could be guessed; the error says how to make one."""
    with pytest.raises(Refused, match="openssl"):
        Callers({"a": ["short"]}, {"a": samples.partner("a")})


def test_two_partners_with_one_token_are_refused() -> None:
    """Nobody could tell them apart."""
    with pytest.raises(Refused, match="same token"):
        Callers({"a": [TOKEN], "b": [TOKEN]}, {name: samples.partner(name) for name in "ab"})


def test_a_token_that_is_not_there_is_told_by_partner_and_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start, not at the first request."""
    partner = samples.partner("a", access={"tokens": ("env:SYNTHETIC_TOKEN",)})
    monkeypatch.delenv("SYNTHETIC_TOKEN", raising=False)
    with pytest.raises(Refused, match="partner a: the secret env:SYNTHETIC_TOKEN"):
        callers({"a": partner}, Secrets())
    monkeypatch.setenv("SYNTHETIC_TOKEN", TOKEN)
    assert callers({"a": partner}, Secrets()).who(f"Bearer {TOKEN}") is partner


def test_a_token_that_is_changed_at_its_place_lets_in_from_the_next_request_on(tmp_path: Path) -> None:
    """The old one lets nobody in any more; one that is no good, or another partner's, changes nothing and is told."""
    partners = {name: samples.partner(name, access={"tokens": (f"mounted:{name}",)}) for name in "ab"}
    (tmp_path / "a").write_text(TOKEN)
    (tmp_path / "b").write_text(THEIRS)
    known = callers(partners, Secrets(tmp_path))
    (tmp_path / "a").write_text(f"{TOKEN}-new")
    assert known.who(f"Bearer {TOKEN}-new") is partners["a"]
    assert known.who(f"Bearer {TOKEN}") is None
    for unfit, why in (("short", "openssl"), (f"{THEIRS}\n", "same token as b")):
        with capture_logs() as lines:
            (tmp_path / "a").write_text(unfit)
            assert known.who(f"Bearer {TOKEN}-new") is partners["a"]
            assert known.who(f"Bearer {THEIRS}") is partners["b"]
        [line] = lines
        assert (line["event"], line["partner"]) == ("notify.secret_unusable", "a")
        assert why in line["why"]


def test_without_tokens_there_is_nobody() -> None:
    """An empty header does not match an empty list."""
    assert Callers({}, {}).who(None) is None
    assert Callers({"a": []}, {"a": samples.partner("a")}).who("Bearer ") is None


def test_an_allowance_fills_with_time_and_never_beyond_its_most() -> None:
    """Two a second, three at once; a clock that goes back takes nothing."""
    standing = Allowance(rate=2, most=3, left=3, at=0)
    for _ in range(3):
        taken = standing.take(0)
        assert isinstance(taken, Allowance)
        standing = taken
    assert standing.take(0) == 0.5
    assert standing.take(-10) == 0.5
    later = standing.take(100)
    assert isinstance(later, Allowance)
    assert later.left == 2


def test_it_listens_nowhere_unless_asked() -> None:
    """Off by default."""
    assert ReceptionSettings().listens is None


def test_beyond_this_machine_it_speaks_tls_or_somebody_says_who_does() -> None:
    """Tokens never travel in the clear by accident."""
    with pytest.raises(Refused, match="NOTIFY_EXPOSED_BECAUSE"):
        _ = ReceptionSettings(listen="0.0.0.0:8443").listens
    with pytest.raises(Refused, match="together"):
        _ = ReceptionSettings.model_validate({"listen": "localhost:1", "listen_key": "key.pem"}).listens
    exposed = ReceptionSettings(listen="[::]:8443", exposed_because="the proxy does").listens
    assert exposed is not None
    assert (exposed.host, exposed.port) == ("::", 8443)
    assert ReceptionSettings(listen="127.0.0.1:0").listens is not None
