"""SET ASIDE WORDS: what is said to who sets aside a record that holds up its partition, in English and Dutch."""

from typing import Final

from schemas.words import Words

WOULD: Final = Words(
    "{} {} {} is what {} reads next there. Without --yes nothing is done. With it that is parked once it holds up its "
    "partition",
    "{} {} {} is wat {} daar als eerste leest. Zonder --yes gebeurt er niets. Daarmee wordt het apart gezet zodra het "
    "zijn partitie ophoudt",
)
GIVEN: Final = Words(
    "{} {} {}: given. {} parks it when it tries it again, within half a minute: then `seinpaal parked list` shows it. "
    "If it goes through before, nothing is parked",
    "{} {} {}: opgedragen. {} zet het apart bij de volgende poging, binnen een halve minuut: dan toont "
    "`seinpaal parked list` het. Gaat het eerder door, dan wordt niets apart gezet",
)
BETWEEN: Final = Words(
    "{} reads on from offset {}. That fits only where a transaction left no record in between: /readyz and hop.later "
    "name the record that waits",
    "{} leest verder vanaf offset {}. Dat klopt alleen waar een transactie daartussen geen bericht liet staan: /readyz "
    "en hop.later noemen het bericht dat wacht",
)
PASSED: Final = Words(
    "{} {} {} holds up nothing: it was read, or its topic no longer has it. `seinpaal parked list --all` shows whether "
    "it was parked",
    "{} {} {} houdt niets op: het is gelezen, of zijn topic heeft het niet meer. `seinpaal parked list --all` toont of "
    "het apart is gezet",
)
BEHIND: Final = Words(
    "{} {} {} is not what holds up its partition: offset {} is read first. /readyz and hop.later name the record that "
    "waits: set aside that one",
    "{} {} {} is niet wat zijn partitie ophoudt: offset {} wordt eerst gelezen. /readyz en hop.later noemen het "
    "bericht dat wacht: zet dat apart",
)
ABSENT: Final = Words(
    "{} {} {} is not there yet. /readyz and hop.later name the record that waits, as TOPIC, partition, offset",
    "{} {} {} is er nog niet. /readyz en hop.later noemen het bericht dat wacht, als TOPIC, partition, offset",
)
NOT_THE_LOG: Final = Words(
    "audit.v1 is never passed over: the log would no longer be what the topic makes. Mend the audit database: "
    "/readyz of audit says what it waits for, and nothing but the log waits",
    "audit.v1 wordt nooit overgeslagen: het log zou niet meer zijn wat het topic maakt. Herstel de auditdatabase: "
    "/readyz van audit zegt waarop hij wacht, en alleen het log wacht",
)
NOBODY_READS: Final = Words(
    "no stage reads {}: /readyz and hop.later name the record that waits, with its topic",
    "geen stap leest {}: /readyz en hop.later noemen het bericht dat wacht, met zijn topic",
)
NO_PARTITION: Final = Words(
    "topic {} has no partition {}: /readyz and hop.later name the record that waits, as TOPIC, partition, offset",
    "topic {} heeft geen partitie {}: /readyz en hop.later noemen het bericht dat wacht, als TOPIC, partition, offset",
)
