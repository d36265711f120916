"""SECRET WORDS: why a secret that is given by reference cannot be used, in English and Dutch; never what is in it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.words import Words

MEND: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "env": Words(
            "Set that variable for notify, and wherever commands about partners are given",
            "Zet die variabele voor notify, en overal waar opdrachten over partners worden gegeven",
        ),
        "file": Words(
            "Put it there, readable by the user that runs this",
            "Zet het daar, leesbaar voor de gebruiker die dit draait",
        ),
        "mounted": Words(
            "Put it into that file of the folder in NOTIFY_SECRETS, readable by the user that runs this",
            "Zet het in dat bestand van de map in NOTIFY_SECRETS, leesbaar voor de gebruiker die dit draait",
        ),
    }
)
"""What to do, by the kind of reference."""

MISSING: Final = Words("the secret {} is missing or empty. {}", "het geheim {} ontbreekt of is leeg. {}")
UNREAD: Final = Words("the secret {} cannot be read ({}). {}", "het geheim {} is niet te lezen ({}). {}")
NOWHERE: Final = Words(
    "the secret mounted:{} needs NOTIFY_SECRETS, the directory it is in",
    "het geheim mounted:{} heeft NOTIFY_SECRETS nodig, de map waar het in staat",
)
NO_REFERENCE: Final = Words(
    "a secret is given by reference: write env:NAME, file:PATH or mounted:NAME, not the secret itself",
    "een geheim wordt aangewezen: schrijf env:NAAM, file:PAD of mounted:NAAM, en niet het geheim zelf",
)
TOO_LONG: Final = Words(
    "the secret {} is longer than {} characters: is it the right file?",
    "het geheim {} is langer dan {} tekens: is dat het goede bestand?",
)
OF_FIELD: Final = Words("{}: {}", "{}: {}")
OF_PARTNER: Final = Words("partner {}: {}", "partner {}: {}")

NO_CERTIFICATES: Final = Words(
    "tls.authorities: {} holds no certificates in PEM", "tls.authorities: in {} staan geen certificaten in PEM"
)
NO_CERTIFICATE: Final = Words(
    "tls.certificate: {} holds no certificate in PEM", "tls.certificate: in {} staat geen certificaat in PEM"
)
GO_TOGETHER: Final = Words(
    "{}: certificate and key go together. Name both, or neither",
    "{}: certificaat en sleutel horen bij elkaar. Noem beide, of geen van beide",
)
OTHER_KEY: Final = Words(
    "tls.key: {} is no private key in PEM, without a password, of the first certificate in tls.certificate, {}",
    "tls.key: {} is geen geheime sleutel in PEM, zonder wachtwoord, bij het eerste certificaat in tls.certificate, {}",
)
NO_SIGNING_KEY: Final = Words(
    "authentication.key: {} holds no private key in PEM for {}: it takes {}",
    "authentication.key: in {} staat geen geheime sleutel in PEM voor {}: dat vraagt om {}",
)
A_CURVE: Final = Words("a P-384 key", "een P-384-sleutel")
AN_RSA_KEY: Final = Words("an RSA key of at least {} bits", "een RSA-sleutel van minstens {} bits")
NO_WEBHOOK_SECRET: Final = Words(
    "a webhook secret is `whsec_` and base64 of 24 to 64 bytes, or `whsk_` and an Ed25519 key",
    "een webhookgeheim is `whsec_` en base64 van 24 tot en met 64 bytes, of `whsk_` en een Ed25519-sleutel",
)
NO_ED25519: Final = Words(
    "an Ed25519 key is `whsk_` and base64 of 32 bytes, or of 64 with the public key behind them",
    "een Ed25519-sleutel is `whsk_` en base64 van 32 bytes, of van 64 met de publieke sleutel erachter",
)
TWO_HALVES: Final = Words(
    "this Ed25519 key's two halves do not belong together: generate it again",
    "de twee helften van deze Ed25519-sleutel horen niet bij elkaar: maak hem opnieuw",
)
