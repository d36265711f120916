"""REFUSAL WORDS: what `seinpaal up` cannot do as it was asked, in English and Dutch, with what to do instead."""

from typing import Final

from schemas.words import Words

HOW_MANY: Final = Words(
    "--exit waits for a number of signals: give one with --signals",
    "--exit wacht op een aantal signalen: geef het met --signals",
)
ONLY_AT_AN_END: Final = Words(
    "--json tells the verdict, and only --exit comes to one: give both",
    "--json geeft het oordeel, en alleen --exit komt daaraan toe: geef beide",
)
RUNS_ALREADY: Final = Words(
    "another seinpaal up runs on {}: stop it first, or choose another folder with --state",
    "op {} draait al een seinpaal up: stop die eerst, of kies met --state een andere map",
)
HELD_BY_ANOTHER: Final = Words(
    "another process runs on {}: stop it first, or choose another folder",
    "op {} draait een ander proces: stop dat eerst, of kies een andere map",
)
NO_FOLDER: Final = Words(
    "{} cannot be used ({}): choose another with --state", "{} is niet te gebruiken ({}): kies een andere met --state"
)
NOT_OURS: Final = Words(
    "--fresh would delete {}, which seinpaal up did not make: choose another",
    "--fresh zou {} weggooien, en dat is niet door seinpaal up gemaakt: kies een andere map",
)
PORT_TAKEN: Final = Words(
    "port {} is taken: give the live page another with --port; 0 takes a free one",
    "poort {} is bezet: geef de livepagina een andere met --port; 0 neemt een vrije",
)
NO_SOURCES: Final = Words(
    "{} holds no sources.yaml: give the folder that does with --config",
    "in {} staat geen sources.yaml: geef met --config de map waar die wel in staat",
)
NO_DATABASE: Final = Words(
    "--database takes postgresql://user:password@host:port/name",
    "--database hoort postgresql://gebruiker:wachtwoord@host:poort/naam te zijn",
)
DATABASE_SILENT: Final = Words(
    "the database {} does not answer ({}): start it, or correct --database",
    "de database {} antwoordt niet ({}): start hem, of verbeter --database",
)
NO_KEYS_DATABASE: Final = Words(
    "make a database {} for the keys, or let this user make it",
    "maak een database {} voor de sleutels, of laat deze gebruiker die maken",
)
NOT_BROUGHT: Final = Words(
    "{} cannot be brought from {} ({}): name a Kafka that runs already (--kafka; for tests TEST_KAFKA), or a mirror in "
    "~/.config/jgo.conf",
    "{} is niet op te halen van {} ({}): noem een Kafka die al draait (--kafka; voor tests TEST_KAFKA), of een mirror "
    "in ~/.config/jgo.conf",
)
OTHER_CONTENT: Final = Words(
    "{} has SHA-256 {}, not {}: it is not used", "{} heeft SHA-256 {}, niet {}: het wordt niet gebruikt"
)
NO_STORAGE: Final = Words(
    "Apache Kafka's storage could not be prepared: {}", "de opslag van Apache Kafka kon niet worden klaargemaakt: {}"
)
KAFKA_ENDED: Final = Words("Apache Kafka ended with {}: {}", "Apache Kafka stopte met {}: {}")
KAFKA_SILENT: Final = Words("Apache Kafka is silent after {} s: {}", "Apache Kafka zwijgt na {} s: {}")
PARTNER_PORT: Final = Words(
    "sandbox partner {}: its port was taken ({}). Start once more: it finds another",
    "sandboxpartner {}: zijn poort is bezet ({}). Start nog eens: dan vindt hij een andere",
)
USED_ELSEWHERE: Final = Words(
    "the broker at {} was read before by a Seinpaal with other databases than {} has: what became of its signals is "
    "known there alone. To go on with them, give the {} of that time: seinpaal up --state FOLDER {}--kafka {}. To "
    "begin anew, leave out --kafka, and it has a broker of its own: seinpaal up --state {}. --fresh empties a folder, "
    "and no broker that you name",
    "de broker op {} is eerder gelezen door een Seinpaal met andere databases dan {} heeft: alleen daar is bekend wat "
    "er van de signalen werd. Om daarmee verder te gaan, geef de {} van toen: seinpaal up --state MAP {}--kafka {}. Om "
    "opnieuw te beginnen, laat --kafka weg, dan komt er een eigen broker: seinpaal up --state {}. --fresh maakt een "
    "map leeg, en geen broker die u noemt",
)
ADDRESS: Final = Words("--database ADDRESS ", "--database ADRES ")
BROKER_EMPTIED: Final = Words(
    "the broker of {} lost what it held, and the databases beside it still know what became of that: put its folder "
    "kafka back, or begin anew with --fresh, which empties all of it",
    "de broker van {} is kwijt wat erin stond, en de databases ernaast weten nog wat daarvan werd: zet de map kafka "
    "ervan terug, of begin opnieuw met --fresh, dat alles leegmaakt",
)
OTHER_BROKER: Final = Words(
    "the broker at {} is another one than {} has databases of, or it lost what it held: give the broker of that time, "
    "or another folder with --state and another database",
    "de broker op {} is een andere dan die waarvan {} databases heeft, of hij is kwijt wat erin stond: geef de broker "
    "van toen, of een andere map met --state en een andere database",
)
DATABASES_GONE: Final = Words(
    "the broker of {} was read before, and databases that knew what became of its signals are gone: put them back, or "
    "begin anew with --fresh, which empties that folder",
    "de broker van {} is eerder gelezen, en databases die wisten wat er van de signalen werd zijn weg: zet ze terug, "
    "of begin opnieuw met --fresh, dat maakt die map leeg",
)
