"""PARTNER WORDS: what operators read of how partners do, in English and Dutch."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.words import Words

PARTNER: Final = Words("partner", "partner")
NUMBERS: Final = (
    Words("waits", "wacht"),
    Words("held", "besluit"),
    Words("parked", "apart"),
    Words("delivered", "bezorgd"),
    Words("late", "laat"),
    Words("oldest", "oudste"),
    Words("p50", "p50"),
    Words("p99", "p99"),
)
"""The columns, in order; `besluit`: a person is to decide."""

REAL: Final = Words("real referrals: {}", "echte verwijzingen: {}")
INBOX: Final = Words("yes: an inbox with us", "ja: een postvak bij ons")
UNTIL: Final = Words("until {}", "tot {}")
NOT_SINCE: Final = Words("not since {}: {}", "niet sinds {}: {}")
NOT: Final = Words("no: {}", "nee: {}")
OTHERWISE: Final = Words(
    "notify {} goes by another entry, or has none: start it again",
    "notify {} werkt met andere gegevens van deze partner, of heeft er geen: start die opnieuw",
)
OLDER: Final = Words(
    "notify {} has an older entry than another one, and sends nothing there: start it again",
    "notify {} heeft oudere gegevens van deze partner dan een andere, en stuurt er niets heen: start die opnieuw",
)
UNDERWAY: Final = Words("with them: {}", "bij hen: {}")
LATEST: Final = Words("latest: {}", "laatst: {}")
AS_WRITTEN: Final = Words(
    "Partners are told of as partners.yaml has them, changed {}Z. A notify that was started before then still goes by "
    "what it had: start it again.",
    "Partners staan hier zoals in partners.yaml, gewijzigd {}Z. Een notify die eerder is gestart, werkt nog met wat er "
    "toen stond: start die opnieuw.",
)
"""Beneath all: the file may say what no service knows yet."""
TO_DO: Final = Words("to do: {}", "te doen: {}")

WELL: Final = Words("well", "in orde")
DISABLED: Final = Words("disabled: {}", "staat uit: {}")
ALONE: Final = Words("left alone ({})", "met rust gelaten: {}")
ALONE_FOR: Final = Words("left alone ({}, tried in {})", "met rust gelaten: {}, weer geprobeerd over {}")
BREAKERS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "closed": Words("it asked for that", "op eigen verzoek"),
        "open": Words("after faults", "na fouten"),
        "probing": Words("one is tried", "één op proef"),
    }
)
FAILING: Final = Words("failing for {}, {} count, {} % warned", "faalt al {}, waarvan {} telt; gewaarschuwd bij {} %")
TURNS_DOWN: Final = Words(
    "turned down the last {}, one after the other: it may turn down everything",
    "wees de laatste {} af, de een na de ander: misschien wijst die alles af",
)
PARKED: Final = Words("{} parked: a person must look", "{} apart gezet: een mens moet ernaar kijken")
REDRIVING: Final = Words("what was parked goes back", "wat apart stond, gaat weer")
SILENT: Final = Words("does not tell how it goes: {}, {} times", "vertelt niet hoe het gaat: {}, {} keer")
UNTAKEN: Final = Words("tells what we cannot take: {}", "vertelt wat wij niet kunnen lezen: {}")
UNSUBSCRIBED: Final = Words("does not notify us: {}", "waarschuwt ons niet: {}")
CERTIFICATE_FAULT: Final = Words("our certificate cannot be read here", "ons certificaat is hier niet te lezen")
CERTIFICATE_ENDED: Final = Words("our certificate ended on {}", "ons certificaat is verlopen op {}")
CERTIFICATE_ENDS: Final = Words("our certificate ends on {}", "ons certificaat verloopt op {}")

SAY_LIVE: Final = Words(
    "write `live: true` in its entry, and start notify again",
    "zet `live: true` bij zijn gegevens in partners.yaml, en start notify opnieuw",
)
ADD_TRIAL: Final = Words(
    "add its test address (`trial`) to its entry, then {}",
    "zet zijn testadres (`trial`) bij zijn gegevens in partners.yaml, en dan {}",
)
CHECK_AGAIN: Final = Words(
    "its entry is not the one that was checked, or the report is from before. Check again: {}",
    "zijn gegevens zijn niet die van de keuring, of het verslag is van eerder. Keur opnieuw: {}",
)
OR_CONFIRM: Final = Words(
    "{}; or, as {} proposed, by another person until {}: {}",
    "{}; of, zoals {} voorstelde, door een ander vóór {}: {}",
)

GIVEN: Final = Words(
    "given: `seinpaal partner status {}` shows what became of it",
    "opgedragen: `seinpaal partner status {}` toont wat ervan komt",
)
PROPOSED: Final = Words(
    "proposed. Another person confirms until {} with --confirm; till then nothing changes",
    "voorgesteld. Een ander bevestigt vóór {} met --confirm; tot dan verandert er niets",
)
ADMITTED: Final = Words(
    "{} gets real referrals until {}. What waited for it goes now",
    "{} krijgt echte verwijzingen tot {}. Wat erop wachtte, gaat nu",
)

NO_TRIAL: Final = Words(
    "partner {} has no test address: give it `trial` in partners.yaml",
    "partner {} heeft geen testadres: geef hem `trial` in partners.yaml",
)
SMART: Final = Words(
    "SMART Backend Services  {}, key id {}: --jwks prints the key set",
    "SMART Backend Services  {}, sleutel-id {}: --jwks geeft de set sleutels",
)
NO_KEY: Final = Words(
    "it needs no key of ours: nothing here is signed, and no certificate of ours is shown",
    "hier is geen sleutel van ons nodig: niets wordt ondertekend, en geen certificaat van ons getoond",
)
SHARED: Final = Words(
    "a secret that both sides know; it is never printed", "een geheim dat beide kanten kennen; het wordt nooit getoond"
)
KEY_UNTIL: Final = Words("  (until {} UTC, beside the new one)", "  (tot {} UTC, naast de nieuwe)")
OURS: Final = Words("client certificate  {}, from {}", "clientcertificaat  {}, van {}")
SERIAL: Final = Words("serial", "nummer")
SHA256: Final = Words("SHA-256", "SHA-256")
ITS_KEY: Final = Words("its key", "sleutel")
HOLDS: Final = Words("holds", "geldt")
FROM_TO: Final = Words("{} to {}", "{} tot {}")
TERMS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "holds": Words("", ""),
        "ending": Words("  order the next one", "  bestel het volgende"),
        "ended": Words("  it has ended: partners refuse it", "  het is verlopen: partners weigeren het"),
    }
)
EXAMPLES: Final = Words(
    "{} written. Signed with {} (v1) and the key whose public half is {} (v1a)",
    "{} geschreven. Ondertekend met {} (v1) en de sleutel waarvan {} de publieke helft is (v1a)",
)
