"""REFUSAL WORDS: what `seinpaal rules` cannot do as it was asked, in English and Dutch, with what to do instead."""

from typing import Final

from schemas.words import Words

ONE_OF_TWO: Final = Words(
    "give a signal's id, or --facts FILE: seinpaal rules explain --help",
    "geef de id van een signaal, of --facts BESTAND: seinpaal rules explain --help",
)
NOT_KEPT: Final = Words(
    "the rules that decided it (version {}) were not kept. Ask another set: --rules FOLDER",
    "de regels van toen (versie {}) zijn niet bewaard. Vraag het aan andere regels: --rules MAP",
)
NO_FACTS: Final = Words(
    "{}: cannot be read ({}). Name a file with facts", "{}: niet te lezen ({}). Noem een bestand met feiten"
)
NO_JSON: Final = Words("{}:{}: this is no JSON. See schemas/examples", "{}:{}: dit is geen JSON. Zie schemas/examples")
NO_MAPPING: Final = Words(
    "{}: should be a mapping of facts. See schemas/examples",
    "{}: hoort feiten te hebben, elk met een waarde. Zie schemas/examples",
)
NO_SIGNAL: Final = Words(
    "{}: {}. See schemas/json/signal.json", "{}: geen feiten van een signaal (Engels: {}). Zie schemas/json/signal.json"
)
NO_PERIOD: Final = Words(
    "the period is empty: --since lies before --until", "de periode is leeg: --since ligt voor --until"
)
HOW_FAR: Final = Words(
    "{}: write how far back, as 90d, 24h or 2w, or a day as 2026-03-02",
    "{}: schrijf hoe ver terug, zoals 90d, 24h of 2w, of een dag zoals 2026-03-02",
)
NOT_WRITTEN: Final = Words(
    "{}: cannot be written ({}). Check the name", "{}: niet te schrijven ({}). Controleer de naam"
)
NAMED_OTHERWISE: Final = Words(
    "{}: name it with letters, digits, dots and dashes only",
    "{}: gebruik in de naam alleen letters, cijfers, punten en streepjes",
)
CHANGED_MEANWHILE: Final = Words(
    "{}: files changed while they were read. Propose it again",
    "{}: er wijzigden bestanden terwijl ze werden gelezen. Stel het opnieuw voor",
)
TOO_LARGE: Final = Words(
    "{}: {} bytes, and a proposal has at most {}. Leave out what no rule needs",
    "{}: {} bytes, en een voorstel heeft er hoogstens {}. Laat weg wat geen regel nodig heeft",
)
NO_VERSION: Final = Words(
    "a version is 64 hex digits; give it whole, or the first {} of it or more",
    "een versie is 64 hexadecimale cijfers; geef ze alle, of de eerste {} of meer",
)
NEVER_PROPOSED: Final = Words(
    "no rule set {} was ever proposed: seinpaal rules history",
    "regels {} zijn nooit voorgesteld: seinpaal rules history",
)
SEVERAL: Final = Words(
    "{} is the beginning of {} versions: give more of it", "met {} beginnen {} versies: geef er meer van"
)
NO_FOLDER: Final = Words(
    "{}: there is no such folder. Give a folder with rules/, areas/ and partners.yaml, or a version",
    "{}: die map is er niet. Geef een map met rules/, areas/ en partners.yaml, of een versie",
)
NOT_USABLE: Final = Words("rule set {} cannot be used here ({})", "regels {} zijn hier niet te gebruiken ({})")
NO_REPORT_FILE: Final = Words("{}: cannot be read ({}). Check the name", "{}: niet te lezen ({}). Controleer de naam")
NO_REPORT: Final = Words("{}: is no report of seinpaal rules replay", "{}: is geen verslag van seinpaal rules replay")
REPORT_CHANGED: Final = Words(
    "{}: was changed after the replay. Make it again: seinpaal rules replay",
    "{}: is na het naspelen gewijzigd. Maak het opnieuw: seinpaal rules replay",
)
OTHER_SET: Final = Words("{}: is about set {}, and you approve {}", "{}: gaat over regels {}, en u keurt {} goed")
NO_ROUTER: Final = Words(
    "no router has run on this database yet. Start one, or set ROUTER_DATABASE_URL",
    "op deze database heeft nog geen router gedraaid. Start er een, of stel ROUTER_DATABASE_URL in",
)
NO_ID: Final = Words(
    "a signal's id has 32 hex digits: give it whole, or the first {} of it or more",
    "de id van een signaal heeft 32 hexadecimale cijfers: geef ze alle, of de eerste {} of meer",
)
NOT_DECIDED: Final = Words(
    "no signal {} was decided here: seinpaal trail {} tells which signal it belongs to",
    "over een signaal {} is hier niets bepaald: seinpaal trail {} zegt bij welk signaal het hoort",
)
SEVERAL_SIGNALS: Final = Words(
    "{} is the beginning of more than one signal's id: give more of it",
    "met {} begint de id van meer dan één signaal: geef er meer van",
)
UP_TO: Final = Words("1 to {}", "1 tot en met {}")
NO_REVISION: Final = Words("{} has no revision {}; it has {}", "{} heeft geen versie {}, wel {}")
FORGOTTEN: Final = Words(
    "{}: its facts are forgotten (ROUTER_RETENTION_DAYS), so its rules cannot be asked again. What was decided, and "
    "why, is told by seinpaal trail {}",
    "{}: de feiten zijn vergeten (ROUTER_RETENTION_DAYS), dus de regels zijn er niet meer op te vragen. Wat is "
    "bepaald, en waarom, zegt seinpaal trail {}",
)
ANOTHER_KEPT: Final = Words(
    "what is kept as rule set {} is another set: who may write to this database?",
    "wat als regels {} is bewaard, zijn andere regels: wie mag in deze database schrijven?",
)
OF_ANOTHER_RELEASE: Final = Words(
    "rule set {} cannot be read by this release. Ask with the one that decided by it",
    "deze versie van Seinpaal kan regels {} niet lezen. Vraag het met de versie die ermee heeft bepaald",
)
NOT_YET: Final = Words(
    "the command was given, and no router has carried it out yet: seinpaal rules history",
    "de opdracht is gegeven, en nog geen router heeft haar uitgevoerd: seinpaal rules history",
)
