"""Somebody else's token endpoint knows us, and a partner that asks it about our tokens does too."""

import json
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, encode_basic_auth, web
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from yarl import URL

from schemas.partner import ClientCredentials, SmartBackend, Tls
from services.notify.http import PartnerHttp
from services.notify.public_keys import key_set, public_keys
from services.notify.reply import Answer, NotSent
from services.notify.secrets import Secrets
from tests import node
from tests.contract.notify.authority import Authority, pem_of
from tests.contract.notify.web import serving
from tests.unit.notify import samples

SCOPE = "system/*.cruds"
NOT_OURS = "system/Patient.r"
SECRET = "geheim: met + en % en &/=?"  # noqa: S105  synthetic; characters that a form must escape
PROVIDER = Path(__file__).parent / "oidc"


@dataclass
class Provider:
    """`oidc-provider` as it runs, and what it was told of us. `folder` is what is mounted at ours."""

    issuer: str
    folder: Path
    authority: Authority
    trusts: ssl.SSLContext

    def secret(self, **changed: Any) -> ClientCredentials:
        """We show a secret."""
        said = {"type": "oauth2", "client_id": "seinpaal", "client_secret": "mounted:secret", "scope": SCOPE}
        return ClientCredentials.model_validate({**said, "token_url": f"{self.issuer}/token", **changed})

    def smart(self, algorithm: str, **changed: Any) -> SmartBackend:
        """We sign an assertion."""
        return _smart(algorithm, self.issuer, **changed)


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """It knows a secret of ours, a P-384 key and an RSA key, and a partner that may ask about tokens."""
    folder, authority = tmp_path_factory.mktemp("mounted"), Authority()
    for name, key in (
        ("ES384", ec.generate_private_key(ec.SECP384R1())),
        ("RS384", rsa.generate_private_key(65537, 2048)),
    ):
        (folder / f"{name}.pem").write_text(pem_of(key))
    (folder / "secret").write_text(SECRET)
    (folder / "authorities").write_text(authority.pem)
    clients = [
        {"client_id": "seinpaal", "client_secret": SECRET, "scope": SCOPE},
        {"client_id": "partner", "client_secret": "partner", "scope": SCOPE},
        *(_client(algorithm, folder) for algorithm in ("ES384", "RS384")),
    ]
    server = authority.issue("127.0.0.1")
    told = {"clients": clients, "scopes": [SCOPE, NOT_OURS], "tls": {"key": pem_of(server.key), "cert": server.pem}}
    with node.running(PROVIDER, "provider.mjs", json.dumps(told)) as issuer:
        yield Provider(issuer, folder, authority, ssl.create_default_context(cadata=authority.pem))


def _smart(algorithm: str, issuer: str, **changed: Any) -> SmartBackend:
    key = {"key": f"mounted:{algorithm}.pem", "key_id": algorithm, "algorithm": algorithm}
    said = {"type": "smart-backend", "client_id": f"seinpaal-{algorithm}", **key}
    return SmartBackend.model_validate({**said, "token_url": f"{issuer}/token", **changed})


def _client(algorithm: str, folder: Path) -> dict[str, Any]:
    """As a partner's supplier registers us, with the key set that `seinpaal partner key --jwks` prints."""
    entry = samples.partner(authentication=_smart(algorithm, "https://127.0.0.1"))
    return {
        "client_id": f"seinpaal-{algorithm}",
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": algorithm,
        "jwks": key_set([public_keys(entry, Secrets(folder))]),
        "scope": SCOPE,
    }


class Receiver:
    """A partner that asks the provider about every token (RFC 7662), and has revoked some."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self.revoked: set[str] = set()
        self.known: list[dict[str, Any]] = []

    async def answer(self, request: web.Request) -> web.Response:
        """201 when the provider knows it."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        async with ClientSession(headers={"Authorization": encode_basic_auth("partner", "partner")}) as session:
            url = f"{self._provider.issuer}/token/introspection"
            async with session.post(url, data={"token": token}, ssl=self._provider.trusts) as response:
                said = await response.json()
        if said["active"] and token not in self.revoked:
            self.known.append({**said, "token": token})
            return web.Response(status=201)
        return web.Response(status=401)


@asynccontextmanager
async def connected(
    provider: Provider, how: ClientCredentials | SmartBackend
) -> AsyncIterator[tuple[PartnerHttp, URL, Receiver]]:
    """The door to a partner that trusts that provider."""
    receiver = Receiver(provider)
    server = provider.authority.issue("127.0.0.1").server(provider.folder)
    tls = Tls(authorities="mounted:authorities")
    async with serving(receiver.answer, server) as url:
        partner = samples.partner(url=str(url), tls=tls, authentication=how)
        http = PartnerHttp(partner, url, secrets=Secrets(provider.folder))
        try:
            yield http, url, receiver
        finally:
            await http.close()


async def test_a_secret_buys_a_token_that_lets_us_in(provider: Provider) -> None:
    """Also one with characters that mean something in a form."""
    async with connected(provider, provider.secret()) as (http, url, receiver):
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201)
    assert [(said["client_id"], said["scope"]) for said in receiver.known] == [("seinpaal", SCOPE)]


@pytest.mark.parametrize("algorithm", ["ES384", "RS384"])
async def test_a_signed_assertion_buys_a_token_each_time_anew(provider: Provider, algorithm: str) -> None:
    """The provider takes each assertion once: after a 401 the second one is another."""
    async with connected(provider, provider.smart(algorithm)) as (http, url, receiver):
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201)
        receiver.revoked.add(receiver.known[0]["token"])
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201)
    assert [said["client_id"] for said in receiver.known] == [f"seinpaal-{algorithm}"] * 2
    assert len({said["token"] for said in receiver.known}) == 2


async def test_what_the_provider_refuses_is_told_by_its_cause(provider: Provider) -> None:
    """An unknown client, a wrong secret, a scope that is not ours, somebody else's key: nothing is sent."""
    (provider.folder / "wrong").write_text("een ander geheim")
    (provider.folder / "other.pem").write_text(pem_of(ec.generate_private_key(ec.SECP384R1())))
    unknown = "token-invalid-client"
    for how, reason in (
        (provider.secret(client_id="somebody"), unknown),
        (provider.secret(client_secret="mounted:wrong"), unknown),  # noqa: S106  a reference
        (provider.smart("ES384", key="mounted:other.pem"), unknown),
        (provider.smart("ES384", key_id="another"), unknown),
        (provider.secret(scope=NOT_OURS), "token-invalid-scope"),
    ):
        async with connected(provider, how) as (http, url, receiver):
            assert await http.exchange("POST", url, {}, b"{}") == NotSent(reason)
        assert receiver.known == []
