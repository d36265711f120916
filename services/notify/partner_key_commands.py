"""`seinpaal partner key`: what a partner must have of us to know us by, and never more than that."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import orjson
import typer

from schemas.partner import Partner
from services.notify.client_certificate import ClientCertificate, term
from services.notify.commands import Json
from services.notify.directory import read_directory
from services.notify.public_keys import PublicKeys, SigningKey, key_set, public_keys
from services.notify.secrets import Secrets
from services.notify.settings import NotifySettings
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.settings import load

Name = Annotated[str | None, typer.Argument(help="The partner's id in partners.yaml; without it, all of them.")]
Jwks = Annotated[bool, typer.Option("--jwks", help="Only the key set (JWKS), to host where partners read it.")]
Trial = Annotated[bool, typer.Option("--trial", help="As at its test address.")]


def key(partner: Name = None, *, jwks: Jwks = False, trial: Trial = False, json: Json = False) -> None:
    """Print our public keys for a partner to configure: webhook key, key set, certificate. Never a private one.

    Example: seinpaal partner key veilig-thuis-voorbeeld
    """
    settings = load(NotifySettings)
    secrets = Secrets(settings.secrets)
    found = [public_keys(each, secrets) for each in _chosen(settings, partner, trial=trial)]
    if jwks:
        typer.echo(orjson.dumps(key_set(found), option=orjson.OPT_INDENT_2).decode())
        return
    for each in found:
        if json:
            told = asdict(each) | {"jwks": key_set([each])}
            typer.echo(orjson.dumps(told).decode())
        else:
            typer.echo("\n".join(_lines(each, now())))


def _chosen(settings: NotifySettings, name: str | None, *, trial: bool) -> list[Partner]:
    directory = read_directory(settings.config)
    named = list(directory.partners.values()) if name is None else [directory.known(name)]
    if not trial:
        return named
    tried = [at for each in named if (at := each.on_trial) is not None]
    if name is not None and not tried:
        raise Refused(f"partner {name} has no test address: give it `trial` in partners.yaml")
    return tried


def _lines(keys: PublicKeys, at: datetime) -> Iterator[str]:
    yield f"{keys.partner}"
    yield from (f"  {line}" for each in keys.webhook for line in _webhook(each))
    for jwk in keys.jwks:
        yield f"  SMART Backend Services  {jwk['alg']}, key id {jwk['kid']}: --jwks prints the key set"
    if keys.certificate is not None:
        yield from (f"  {line}" for line in _certificate(keys.certificate, at))
    if not (keys.webhook or keys.jwks or keys.certificate):
        yield "  it needs no key of ours: nothing here is signed, and no certificate of ours is shown"


def _webhook(key: SigningKey) -> Iterator[str]:
    until = "" if key.until is None else f"  (until {key.until:%Y-%m-%d %H:%M} UTC, beside the new one)"
    if key.public is None:
        yield f"webhook {key.signature}   a secret that both sides know; it is never printed{until}"
    else:
        yield f"webhook {key.signature}  {key.public}{until}"


def _certificate(certificate: ClientCertificate, at: datetime) -> Iterator[str]:
    yield f"client certificate  {certificate.subject}, from {certificate.issuer}"
    yield f"  serial   {certificate.serial}"
    yield f"  SHA-256  {certificate.fingerprint}"
    yield f"  its key  {certificate.pin}"
    said = {"holds": "", "ending": "  order the next one", "ended": "  it has ended: partners refuse it"}
    yield f"  holds    {certificate.since:%Y-%m-%d} to {certificate.until:%Y-%m-%d}{said[term(certificate.until, at)]}"
