"""FINDING WORDS: what can be wrong with rules, areas and partners, in English and Dutch. Names of fields stay."""

from typing import Final

from schemas.words import Words

NO_HELP: Final = Words("{} is no help of {}. Choose one of {}", "{} is geen hulp van {}. Kies uit {}")
NOT_PERMITTED: Final = Words(
    "{} does not permit {}: {}. Give it a rule of its own",
    "{} staat {} niet toe (Engels: {}). Geef het een eigen regel",
)
SAY_WHY: Final = Words(
    "this may be shared without consent, and does not say why. Add without_consent",
    "dit mag zonder toestemming worden gedeeld, en zegt niet waarom. Voeg without_consent toe",
)
ENDED: Final = Words(
    "this rule ended on {}, and fires no more. Remove it, or extend valid_until",
    "deze regel eindigde op {}, en gaat niet meer op. Haal hem weg, of stel valid_until later",
)
RULES_GAP: Final = Words(
    "this rule holds no more on {}, and {} takes its place on {}: in between neither holds. Make valid_until and "
    "valid_from the same day",
    "deze regel geldt niet meer op {}, en {} komt ervoor in de plaats op {}: daartussen geldt geen van beide. Geef "
    "valid_until en valid_from dezelfde dag",
)
TOO_MANY_CASES: Final = Words(
    "the condition tells too many cases apart to be checked. Split the rule",
    "de voorwaarde kent te veel gevallen om te controleren. Splits de regel",
)
NO_ANSWER: Final = Words(
    "the condition does not answer yes or no for every signal. Compare each name with a code",
    "de voorwaarde zegt niet bij elk signaal ja of nee. Vergelijk elke naam met een code",
)
NEVER: Final = Words(
    "no signal can ever meet this condition. Correct it, or remove the rule",
    "geen signaal kan ooit aan deze voorwaarde voldoen. Verbeter haar, of haal de regel weg",
)
ALWAYS: Final = Words(
    'every signal meets this condition, whatever it names. Correct it, or write "true"',
    'elk signaal voldoet aan deze voorwaarde, wat er ook in staat. Verbeter haar, of schrijf "true"',
)
UNSEEN: Final = Words(
    "this would send a machine's guess without a person. Add `&& by_a_person`, or hold it",
    "dit zou versturen wat een systeem afleidt, zonder een mens. Voeg `&& by_a_person` toe, of leg het voor",
)
COUNTS: Final = Words(
    "{} counts over a household, and what a pattern finds is only ever held. Write effect: hold",
    "{} telt over een huishouden, en wat een patroon vindt wordt altijd voorgelegd. Schrijf effect: hold",
)
UNKNOWN_AREA: Final = Words('"{}" is no area we know{}', '"{}" is geen gebied dat wij kennen{}')
OTHER_COUNTRY: Final = Words(
    '"{}" is no area of {}, so this can never be. Correct the code, or the country',
    '"{}" is geen gebied van {}, dus dit kan nooit. Verbeter de code, of het land',
)
IDLE: Final = Words(
    "`{}` holds for every signal. Correct it, or leave it out",
    "`{}` geldt bij elk signaal. Verbeter het, of laat het weg",
)
NO_SIGNAL: Final = Words("given is no signal: {}", "given is geen signaal (Engels: {})")
SHOULD: Final = Words("should {}, and {}. Correct rule or test", "moet {}, en {}. Verbeter regel of test")
FIRE: Final = Words("fire", "opgaan")
NOT_FIRE: Final = Words("not fire", "niet opgaan")
FIRES: Final = Words("fires", "gaat op")
DOES_NOT: Final = Words("does not", "doet dat niet")

SAME_RULE: Final = Words(
    "the rule {} stands at {} too. Rename one", "de regel {} staat ook op {}. Geef een ervan een ander id"
)
SAME_PARTNER: Final = Words(
    "there are two partners {}. Rename one, or join what they serve",
    "er zijn twee partners {}. Geef een ervan een ander id, of voeg samen wat ze doen",
)
BACKWARDS: Final = Words(
    "it ends before it begins. Correct valid_from or valid_until",
    "het eindigt voor het begint. Verbeter valid_from of valid_until",
)
NO_HELP_THERE: Final = Words(
    "{} is no help of {}. Correct kind or country", "{} is geen hulp van {}. Verbeter kind of country"
)
STRANGE_AREAS: Final = Words(
    "{}: no area of {} in areas/. Correct the code", "{}: geen gebied van {} in areas/. Verbeter de code"
)
BOTH_GIVE: Final = Words(
    "{} and {} both give {} in {} at the same time. End one before the other begins",
    "{} en {} geven beide {} in {} in dezelfde tijd. Laat de een eindigen voor de ander begint",
)
GIVES_TWICE: Final = Words(
    "{} gives twice {} in {} at the same time. End one before the other begins",
    "{} geeft twee keer {} in {} in dezelfde tijd. Laat het een eindigen voor het ander begint",
)
NOBODY: Final = Words(
    "nobody gives {} in {}. Add it to a partner's `serves`",
    "niemand geeft {} in {}. Zet het bij een partner onder `serves`",
)
NOBODY_ON: Final = Words(
    "nobody gives {} in {} on {}. Extend a partner's `serves`",
    "niemand geeft {} in {} op {}. Verleng `serves` van een partner",
)
AND_MORE: Final = Words("{} and {} more", "{} en nog {}")

TWICE: Final = Words(
    "{} stands there twice for the same days. Keep one", "{} staat er twee keer voor dezelfde dagen. Houd er een"
)
AREA_BACKWARDS: Final = Words(
    "{} ends before it begins. Correct valid_from or valid_until",
    "{} eindigt voor het begint. Verbeter valid_from of valid_until",
)
ALWAYS_SO: Final = Words("now", "nu")
SHARED_TOWN: Final = Words(
    "{} stands with {} and {} at the same time, from {} on: an address with that town and no code or postcode waits "
    "for a person. End one, or leave the town out",
    "{} staat tegelijk bij {} en {}, vanaf {}: een adres met die plaats en zonder code of postcode wacht op een mens. "
    "Laat er een eindigen, of haal de plaats weg",
)
NO_BAR: Final = Words(
    "no condition asks for a DASH score for {}. Leave it out",
    "geen voorwaarde vraagt naar een DASH-score voor {}. Laat die weg",
)
UNKNOWN_SUCCESSOR: Final = Words("{} is no area we know{}", "{} is geen gebied dat wij kennen{}")
ADD_IT: Final = Words(". Add it, or correct the code", ". Voeg het toe, of verbeter de code")
SUCCESSOR_ABROAD: Final = Words(
    "{} is no area of {}. Name one that {} went up in", "{} is geen gebied van {}. Noem er een waarin {} is opgegaan"
)
NO_DAY: Final = Words(
    "{} went up in {}, and does not say when. Add valid_until, the day it ended",
    "{} ging op in {}, en zegt niet wanneer. Voeg valid_until toe, de dag waarop het eindigde",
)
CIRCULAR: Final = Words(
    "{} goes up in itself by way of {}. Correct one of them", "{} gaat via {} op in zichzelf. Verbeter een van beide"
)
GAP: Final = Words(
    "on {} {} has ended and {} is not there. Correct their days",
    "op {} is {} geëindigd en is {} er niet. Verbeter hun dagen",
)

LEFT_OUT: Final = Words(
    "{} pairs of rules tell too much apart to be compared. Look at them yourself",
    "{} paren regels kennen te veel gevallen om te vergelijken. Bekijk ze zelf",
)
REDUNDANT: Final = Words(
    "{} fires whenever this rule does, and does as much. Remove this one, or correct either",
    "{} gaat op zodra deze regel dat doet, en doet evenveel. Haal deze weg, of verbeter een van beide",
)
SHADOWED: Final = Words(
    "this never sends to {}: whenever it fires, {} holds that back. Narrow either, or write hold",
    "dit verstuurt nooit naar {}: zodra het opgaat, legt {} dat voor. Maak een van beide nauwer, of schrijf hold",
)

TOO_MANY_RULES: Final = Words(
    "there are more than {} rules. Join those that differ in a code only",
    "er zijn meer dan {} regels. Voeg samen wat alleen in een code verschilt",
)
TOO_MANY_EXAMPLES: Final = Words(
    "there are more than {} examples. Keep those that show something of their own",
    "er zijn meer dan {} voorbeelden. Houd wat iets eigens laat zien",
)
TOO_MANY_TRIALS: Final = Words(
    "the rules up to here tell more than {} cases apart. Shorten those that name most facts",
    "de regels tot hier kennen meer dan {} gevallen. Verkort die met de meeste feiten",
)
MAY_BE_MORE: Final = Words("there may be more. Correct these {} first", "er kan meer zijn. Verbeter eerst deze {}")

NO_FILE: Final = Words(
    "is no file. Remove it, or name it otherwise", "is geen bestand. Haal het weg, of noem het anders"
)
NO_YAML: Final = Words(
    "no .yaml file is in it. Check the folder's name", "er staat geen .yaml-bestand in. Controleer de naam van de map"
)
NOT_AMONG: Final = Words(
    "is not among the files. Propose the whole folder", "staat niet bij de bestanden. Stel de hele map voor"
)
MANY_FILES: Final = Words(
    "has {} files, and a policy has at most {}. Join some",
    "heeft {} bestanden, en een beleid hoogstens {}. Voeg er samen",
)
MANY_BYTES: Final = Words(
    "has {} bytes, and a policy has at most {}. Leave out what no rule needs",
    "heeft {} bytes, en een beleid hoogstens {}. Laat weg wat geen regel nodig heeft",
)
