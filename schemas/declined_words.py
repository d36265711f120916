"""DECLINED WORDS: why a decision was not carried out, and what to do, in English and Dutch, by its code."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.words import Words

DECLINED: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "choose-a-partner": Words(
            "the rules found nobody: choose who must be told with --partner",
            "de regels vonden niemand: kies met --partner wie het moet weten",
        ),
        "has-a-partner": Words(
            "the rules chose another partner: leave --partner out, or dismiss it",
            "de regels kozen een andere partner: laat --partner weg, of wijs het af",
        ),
        "unknown-partner": Words(
            "notify does not know that partner: look in partners.yaml, and start notify again if it is new there",
            "notify kent die partner niet: kijk in partners.yaml, en start notify opnieuw als die daar nieuw is",
        ),
        "known-elsewhere": Words(
            "another instance of notify knows that partner, this one does not yet: give all the same partners.yaml,"
            " start them again, and decide again",
            "een andere notify kent die partner, deze nog niet: geef alle dezelfde partners.yaml, start ze opnieuw,"
            " en besluit opnieuw",
        ),
        "other-country": Words(
            "that partner is in another country: choose one of those that `seinpaal held show` names",
            "die partner zit in een ander land: kies een van de partners die `seinpaal held show` noemt",
        ),
        "not-in-area": Words(
            "that partner gives no help in the area of the address: choose another, or add --despite not-in-area",
            "die partner helpt niet in het gebied van het adres: kies een ander, of voeg --despite not-in-area toe",
        ),
        "other-help": Words(
            "that partner gives other help than the rules ask for: choose another, or add --despite other-help",
            "die partner geeft andere hulp dan de regels vragen: kies een ander, of voeg --despite other-help toe",
        ),
        "state-a-legal-basis": Words(
            "no legal basis holds yet: state the one you rely on with --basis",
            "er is nog geen grondslag die geldt: noem met --basis waarop u zich beroept",
        ),
        "legal-basis-does-not-permit": Words(
            "that legal basis does not permit sharing with that kind of help: `seinpaal held show` names those that do",
            "die grondslag staat delen met die soort hulp niet toe: `seinpaal held show` noemt welke dat wel doen",
        ),
        "superseded": Words(
            "a newer revision took its place: decide on that one, `seinpaal held show` names it",
            "een latere versie kwam in de plaats: besluit over die, `seinpaal held show` noemt haar",
        ),
        "name-somebody": Words("say with --to who must decide", "zeg met --to wie moet besluiten"),
        "is-theirs-already": Words("it is theirs already", "het ligt al bij die persoon"),
        "is-done": Words("that call was made already", "er is al gebeld"),
        "unknown-call": Words(
            "there is no such call: `seinpaal calls list` shows them",
            "die belopdracht is er niet: `seinpaal calls list` toont ze",
        ),
        "unknown-referral": Words(
            "that referral is not in the ledger: `seinpaal deliveries list` shows what is",
            "die verwijzing staat niet op de bezorglijst: `seinpaal deliveries list` toont wat er staat",
        ),
        "dismiss-it": Words(
            "it waits for a person: say no with `seinpaal held dismiss`, which stands for later revisions too",
            "het wacht op een mens: zeg nee met `seinpaal held dismiss`, dat geldt ook voor latere versies",
        ),
        "being-sent": Words(
            "it is being sent at this moment: look what comes of it, and try again",
            "het wordt op dit moment verstuurd: kijk wat daarvan komt, en probeer het opnieuw",
        ),
        "waits-for-its-turn": Words(
            "another referral of the same case goes first: it follows by itself",
            "een andere verwijzing van dezelfde zaak gaat eerst: deze volgt vanzelf",
        ),
        "is-disabled": Words("it is disabled already", "staat al uit: er gaat niets meer heen"),
        "is-enabled": Words(
            "it is enabled already, and nothing holds it up", "staat al aan, en niets houdt verwijzingen tegen"
        ),
        "nothing-to-prove": Words(
            "it has an inbox with us and no server: there is nothing to prove",
            "deze partner heeft een postvak bij ons en geen server: er valt niets te keuren",
        ),
        "not-live": Words(
            "its entry says `live: false`. Write `live: true` first, and start notify again",
            "er staat `live: false` bij. Schrijf eerst `live: true`, en start notify opnieuw",
        ),
        "is-live": Words(
            "it gets real referrals already, for longer than a month",
            "deze partner krijgt al echte verwijzingen, nog meer dan een maand lang",
        ),
        "already-proposed": Words(
            "somebody proposed it already. Another person confirms with --confirm",
            "iemand stelde het al voor. Een ander bevestigt met --confirm",
        ),
        "no-such-proposal": Words(
            "nobody has proposed it. Propose it without --confirm",
            "niemand heeft het voorgesteld. Stel het voor zonder --confirm",
        ),
        "already-admitted": Words(
            "that proposal was confirmed before. Nothing changed",
            "dat voorstel was al bevestigd. Er veranderde niets",
        ),
        "same-person": Words(
            "you proposed it yourself. Another person must confirm", "u stelde het zelf voor. Een ander moet bevestigen"
        ),
        "proposal-expired": Words(
            "the proposal is older than a day. Propose it anew, without --confirm",
            "het voorstel is ouder dan een dag. Stel het opnieuw voor, zonder --confirm",
        ),
        "server-changed": Words(
            "its address, its pin or its channel is another one than was proposed. Propose it anew, without --confirm",
            "adres, pin of kanaal is anders dan bij het voorstel. Stel het opnieuw voor, zonder --confirm",
        ),
    }
)
