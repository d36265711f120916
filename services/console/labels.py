"""The words on the page, in English and Dutch."""

from typing import Final

from schemas.words import Language, Words

_LABELS: Final[dict[str, Words]] = {
    "title": Words("Seinpaal: live", "Seinpaal: live"),
    "tagline": Words(
        "What happens to every signal, as it happens", "Wat er met elk signaal gebeurt, terwijl het gebeurt"
    ),
    "skip": Words("Skip to the newest facts", "Naar de nieuwste feiten"),
    "language": Words("Language", "Taal"),
    "flow": Words("From signal to help", "Van signaal naar hulp"),
    "ingest": Words("Ingest", "Aannemen"),
    "router": Words("Router", "Bepalen"),
    "notify": Words("Notify", "Bezorgen"),
    "audit": Words("Audit", "Vastleggen"),
    "accepted": Words("accepted", "aangenomen"),
    "ignored": Words("no signal", "geen signaal"),
    "ingest_parked": Words("set aside", "apart gezet"),
    "decided": Words("decided", "bepaald"),
    "known": Words("known already", "al bekend"),
    "withdrawn": Words("withdrawn", "ingetrokken"),
    "router_parked": Words("set aside", "apart gezet"),
    "delivered": Words("delivered", "bezorgd"),
    "held": Words("wait for a person", "wachten op een mens"),
    "under_way": Words("being delivered", "wordt bezorgd"),
    "parked": Words("set aside", "apart gezet"),
    "overdue": Words("deadlines passed", "termijnen verstreken"),
    "closed": Words("dismissed, cancelled", "afgewezen, geannuleerd"),
    "facts": Words("facts kept", "feiten vastgelegd"),
    "rate": Words("facts a minute", "feiten per minuut"),
    "between": Words("in transit", "onderweg"),
    "referrals_are": Words("referrals, and where each of them is", "verwijzingen, en waar elk ervan is"),
    "stream": Words("Newest facts", "Nieuwste feiten"),
    "attention": Words("For a person", "Voor een mens"),
    "pause": Words("Pause", "Pauze"),
    "resume": Words("Resume", "Verder"),
    "find": Words("Signal, referral or event id", "Id van signaal, verwijzing of gebeurtenis"),
    "open": Words("Open", "Open"),
    "empty": Words("Nothing has been recorded yet.", "Er is nog niets vastgelegd."),
    "nothing_urgent": Words("Nothing has needed a person yet.", "Er is nog geen mens nodig geweest."),
    "saw": Words("saw", "zag"),
    "skipped": Words("more, not shown", "meer, niet getoond"),
    "connecting": Words("connecting", "verbinden"),
    "live": Words("live", "live"),
    "paused": Words("paused", "gepauzeerd"),
    "away": Words("connection lost, trying again", "verbinding weg, probeert opnieuw"),
    "stale": Words("the log cannot be read now", "het logboek is nu niet te lezen"),
    "story": Words("Story of", "Verhaal van"),
    "close": Words("Close", "Sluiten"),
    "no_page": Words("There is no page here.", "Hier is geen pagina."),
    "to_live": Words("To the live page", "Naar de live pagina"),
    "not_found": Words(
        "Nothing in the log has this id. Give the first 8 digits of it or more.",
        "Niets in het logboek heeft deze id. Geef de eerste 8 tekens ervan of meer.",
    ),
    "ambiguous": Words(
        "More than one id begins like this. Give more of it.", "Meer dan één id begint zo. Geef er meer van."
    ),
    "no_script": Words(
        "The live page needs JavaScript. Without it: seinpaal watch, or /api/entries.",
        "De live pagina heeft JavaScript nodig. Zonder: seinpaal watch, of /api/entries.",
    ),
    "new_facts": Words("new facts", "nieuwe feiten"),
    "waiting_now": Words("wait for a person now", "wachten nu op een mens"),
    "no_names": Words(
        "No personal data on this page: ids, codes and times only.",
        "Geen persoonsgegevens op deze pagina: alleen id's, codes en tijden.",
    ),
}


def labels(language: Language) -> dict[str, str]:
    """Every word of the page in that language."""
    return {name: words.in_(language) for name, words in _LABELS.items()}


def preferred(accept_language: str) -> Language:
    """Dutch where the browser asks for it before English (RFC 9110, section 12.5.4, without weights)."""
    asked = [part.strip()[:2].lower() for part in accept_language.split(",")]
    known = [language for language in asked if language in {"nl", "en"}]
    return "nl" if known[:1] == ["nl"] else "en"
