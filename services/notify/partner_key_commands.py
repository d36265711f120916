"""`seinpaal partner key`: what a partner must have of us to know us by, and never more than that."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import orjson
import typer

from schemas.partner import Partner
from schemas.words import Language
from services.notify import partner_words as words
from services.notify.client_certificate import ClientCertificate, term
from services.notify.commands import Json, Lang
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


def key(partner: Name = None, *, jwks: Jwks = False, trial: Trial = False, json: Json = False, lang: Lang) -> None:
    """Print our public keys for a partner to configure: webhook key, key set, certificate. Never a private one.

    Example: seinpaal partner key veilig-thuis-voorbeeld
    """
    settings = load(NotifySettings)
    secrets = Secrets(settings.secrets)
    found = [public_keys(each, secrets) for each in _chosen(settings, partner, lang, trial=trial)]
    if jwks:
        typer.echo(orjson.dumps(key_set(found), option=orjson.OPT_INDENT_2).decode())
        return
    for each in found:
        if json:
            told = asdict(each) | {"jwks": key_set([each])}
            typer.echo(orjson.dumps(told).decode())
        else:
            typer.echo("\n".join(_lines(each, now(), lang)))


def _chosen(settings: NotifySettings, name: str | None, lang: Language, *, trial: bool) -> list[Partner]:
    directory = read_directory(settings.config)
    named = list(directory.partners.values()) if name is None else [directory.known(name, lang)]
    if not trial:
        return named
    tried = [at for each in named if (at := each.on_trial) is not None]
    if name is not None and not tried:
        raise Refused(words.NO_TRIAL.in_(lang).format(name))
    return tried


def _lines(keys: PublicKeys, at: datetime, lang: Language) -> Iterator[str]:
    yield f"{keys.partner}"
    yield from (f"  {_webhook(each, lang)}" for each in keys.webhook)
    for jwk in keys.jwks:
        yield f"  {words.SMART.in_(lang).format(jwk['alg'], jwk['kid'])}"
    if keys.certificate is not None:
        yield from (f"  {line}" for line in _certificate(keys.certificate, at, lang))
    if not (keys.webhook or keys.jwks or keys.certificate):
        yield f"  {words.NO_KEY.in_(lang)}"


def _webhook(key: SigningKey, lang: Language) -> str:
    until = "" if key.until is None else words.KEY_UNTIL.in_(lang).format(f"{key.until:%Y-%m-%d %H:%M}")
    shown = f" {words.SHARED.in_(lang)}" if key.public is None else key.public
    return f"webhook {key.signature}  {shown}{until}"


def _certificate(certificate: ClientCertificate, at: datetime, lang: Language) -> Iterator[str]:
    yield words.OURS.in_(lang).format(certificate.subject, certificate.issuer)
    named = (
        (words.SERIAL, certificate.serial),
        (words.SHA256, certificate.fingerprint),
        (words.ITS_KEY, certificate.pin),
        (words.HOLDS, words.FROM_TO.in_(lang).format(certificate.since.date(), certificate.until.date())),
    )
    said = words.TERMS[term(certificate.until, at)].in_(lang)
    width = max(len(name.in_(lang)) for name, _ in named)
    yield from (f"  {name.in_(lang):<{width}}  {value}{said if name is words.HOLDS else ''}" for name, value in named)
