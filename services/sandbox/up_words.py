"""UP WORDS: what `seinpaal up` tells people from its start to its end, in English and Dutch."""

from typing import Final

from schemas.words import Words

LOADING: Final = Words("Loading", "Laden")
BRINGING: Final = Words(
    "Bringing Apache Kafka, once: {} of {} files", "Apache Kafka wordt opgehaald, eenmalig: {} van {} bestanden"
)
STORAGE: Final = Words(
    "Preparing Apache Kafka's storage, once", "De opslag van Apache Kafka wordt klaargemaakt, eenmalig"
)
BROKER: Final = Words("Starting Apache Kafka", "Apache Kafka wordt gestart")
DATABASES: Final = Words("Opening databases and keys", "Databases en sleutels worden geopend")
DATABASE_AT: Final = Words("Opening databases and keys, at {}", "Databases en sleutels worden geopend, op {}")
PROVING: Final = Words("Putting the partners to the test {}/{}", "De partners worden gekeurd {}/{}")
SERVICES: Final = Words("Starting the services", "De services worden gestart")

PAGE: Final = Words("Live page", "Livepagina")
KAFKA: Final = Words("Kafka", "Kafka")
OWN: Final = Words("{} (its own; --kafka takes another)", "{} (een eigen; --kafka neemt een andere)")
GIVEN_KAFKA: Final = Words("{} (yours, as --kafka says)", "{} (de uwe, zoals --kafka zegt)")
DATABASE: Final = Words("Database", "Database")
GIVEN_DATABASE: Final = Words("{} (yours, as --database says)", "{} (de uwe, zoals --database zegt)")
PARTNERS: Final = Words("Partners reach", "Partners bereiken")
METRICS: Final = Words("Metrics", "Metingen")
STATE: Final = Words("State", "Bestanden")
COMMANDS: Final = Words("Commands", "Opdrachten")

STOPS: Final = Words("Ctrl-C stops", "Ctrl-C stopt")
ENDING: Final = Words(
    "Stopping: what is in hand is finished first; Ctrl-C again ends at once",
    "Stopt: wat onder handen is, wordt eerst afgemaakt; nogmaals Ctrl-C eindigt meteen",
)
STOPPING: Final = Words("Stopping", "Stopt")
STOPPED: Final = Words("Stopped. {}", "Gestopt. {}")
GOES_ON: Final = Words("The same command goes on from here", "Dezelfde opdracht gaat hiervandaan verder")
GOES_ON_OR_ANEW: Final = Words(
    "The same command goes on from here; with --fresh it begins anew",
    "Dezelfde opdracht gaat hiervandaan verder; met --fresh begint ze opnieuw",
)
WRITTEN: Final = Words("{} events written; {}", "{} berichten geschreven; {}")
SO_FAR: Final = Words(
    "signals: {} accepted; referrals: {} delivered, {} held, {} parked; records parked: {}; in progress: {}",
    "signalen: {} aangenomen; verwijzingen: {} bezorgd, {} wachten op een mens, {} apart gezet; "
    "berichten apart gezet: {}; onderweg: {}",
)

CORPORATIONS: Final = Words("corporations", "corporaties")
CARE_PARTNERS: Final = Words("care partners", "partners")
EVENTS: Final = Words("events", "berichten")
SIGNALS: Final = Words("signals", "signalen")
THIS_RUN: Final = Words("of this run", "van deze keer")
TAKEN: Final = Words("accepted", "aangenomen")
IGNORED: Final = Words("ignored", "overgeslagen")
ASIDE: Final = Words("parked", "apart gezet")
DECIDED: Final = Words("decided", "bepaald")
KNOWN: Final = Words("known", "al bekend")
WITHDRAWN: Final = Words("withdrawn", "ingetrokken")
WAITING: Final = Words("held", "wachten")
UNDERWAY: Final = Words("in progress", "onderweg")
ARRIVED: Final = Words("delivered", "bezorgd")
ATTEMPTS: Final = Words("attempts", "pogingen")

ACCEPTED: Final = Words("signals accepted", "signalen aangenomen")
DELIVERED: Final = Words("referrals delivered", "verwijzingen bezorgd")
HELD: Final = Words("referrals held for a person", "verwijzingen die op een mens wachten")
CANCELLED: Final = Words("referrals cancelled", "verwijzingen geannuleerd")
DISMISSED: Final = Words("referrals dismissed", "verwijzingen afgewezen")
PARKED: Final = Words("referrals parked", "verwijzingen apart gezet")
RECORDS_PARKED: Final = Words("records parked", "berichten apart gezet")
MOVING: Final = Words("still on their way", "nog onderweg")
UNSETTLED: Final = Words("not everything came to rest", "niet alles kwam tot rust")
GOOD: Final = Words(
    "nothing lost, nothing doubled, nothing without audit", "niets verloren, niets dubbel, niets zonder audit"
)
UNBALANCED: Final = Words("the books do not add up: {}", "de boeken kloppen niet: {}")
AND_MORE: Final = Words("and {} more", "en nog {}")
CREATED_TWICE: Final = Words(
    "{} created a referral more than once: {}", "{} heeft een verwijzing meer dan één keer aangemaakt: {}"
)
ANOTHER_HAS: Final = Words(
    "told as delivered to {}, but another partner has it: {}",
    "als bezorgd gemeld bij {}, maar een andere partner heeft het: {}",
)
NOBODY_HAS: Final = Words(
    "told as delivered, but no partner has it: {}", "als bezorgd gemeld, maar geen partner heeft het: {}"
)
