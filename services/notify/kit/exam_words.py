"""EXAM WORDS: why a partner cannot be put to the test as its entry stands, in English and Dutch, with what to do."""

from typing import Final

from schemas.words import Words

AN_INBOX: Final = Words(
    "partner {} has an inbox with us and no server: there is nothing to check",
    "partner {} heeft een postvak bij ons en geen server: er is niets te keuren",
)
NO_TRIAL: Final = Words(
    "partner {} has no test address. Add `trial: {{channel: …}}` to its entry",
    "partner {} heeft geen testadres. Zet `trial: {{channel: …}}` bij zijn gegevens",
)
ANOTHER_KIND: Final = Words(
    "partner {}: its trial is of another kind of channel than its entry",
    "partner {}: onder trial staat een ander soort kanaal dan bij zijn gegevens",
)
REAL_ADDRESS: Final = Words(
    "partner {}: its test address is where its real referrals go, and people there would see test data. Ask its "
    "supplier for a test address, or write `live: false` until it is in use",
    "partner {}: op zijn testadres komen ook echte verwijzingen aan, en mensen daar zouden testgegevens zien. Vraag "
    "zijn leverancier om een testadres, of schrijf `live: false` tot het in gebruik is",
)
SHOWN_ELSEWHERE: Final = Words(
    "partner {}: its test address would be shown a secret of the real one. Give `trial` an `{}` of its own",
    "partner {}: zijn testadres zou een geheim van het echte te zien krijgen. Geef `trial` een eigen `{}`",
)
ONLY_FHIR: Final = Words(
    "partner {}: only a FHIR server takes a Subscription. Write `feedback: {{type: task}}`",
    "partner {}: alleen een FHIR-server neemt een Subscription aan. Schrijf `feedback: {{type: task}}`",
)
MUST_REACH: Final = Words(
    "partner {}: its test system must reach us. Say where: --listen HOST:PORT",
    "partner {}: zijn testsysteem moet ons bereiken. Zeg waar: --listen HOST:POORT",
)
NO_TOKEN: Final = Words(
    "partner {}: its test system shows us a token. Give it one in access.tokens",
    "partner {}: zijn testsysteem toont ons een token. Geef het er een in access.tokens",
)
