"""Our own code lists. VERA and HACT have no code for violence at home: theirs are evidence, ours are the signal."""

from enum import StrEnum


class Kind(StrEnum):
    """What was noticed. Codes are ours, and stand with their words in `schemas/README.md`."""

    DAMAGE_DOOR = "damage.door"
    DAMAGE_WALL = "damage.wall"
    DAMAGE_WINDOW = "damage.window"
    LOCK_CHANGE = "lock.change"
    NOISE_VIOLENCE = "noise.violence"
    NUISANCE = "nuisance"
    RENT_ARREARS = "rent.arrears"
    ANIMAL_ABUSE = "animal.abuse"
    ACCESS_REFUSED = "access.refused"
    TENANT_ISOLATED = "tenant.isolated"
    INJURY_VISIBLE = "injury.visible"
    FEAR_OBSERVED = "fear.observed"
    CHILD_ALONE = "child.alone"
    CHILD_NEGLECT = "child.neglect"
    CHILD_FEARFUL = "child.fearful"
    HOME_NEGLECT = "home.neglect"
    DISCLOSURE_VICTIM = "disclosure.victim"
    DISCLOSURE_CHILD = "disclosure.child"
    THREAT = "threat"
    WEAPON = "weapon"
    STRANGULATION = "strangulation"
    STALKING = "stalking"
    COERCIVE_CONTROL = "coercive.control"
    ELDER_ABUSE = "elder.abuse"
    HONOUR_BASED = "honour.based"
    TRANSFER_URGENT = "transfer.urgent"
    OTHER_CONCERN = "other.concern"


class Answer(StrEnum):
    """A question staff may not be able to answer. About danger, `unknown` counts as yes."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Urgency(StrEnum):
    """How soon, in the words of FHIR's request-priority: stat, asap, urgent, routine."""

    EMERGENCY = "emergency"
    ACUTE = "acute"
    URGENT = "urgent"
    ROUTINE = "routine"


class Origin(StrEnum):
    """Who noticed. A machine's guess is never sent without a human."""

    STAFF_OBSERVATION = "staff-observation"
    TENANT_DISCLOSURE = "tenant-disclosure"
    THIRD_PARTY = "third-party"
    SYSTEM_RULE = "system-rule"


class Certainty(StrEnum):
    """How it is known: seen, told, or suspected (Veilig Thuis asks to keep fact and interpretation apart)."""

    OBSERVED = "observed"
    TOLD = "told"
    SUSPECTED = "suspected"


class Violence(StrEnum):
    """Types of violence as the KNMG meldcode and DASH tell them apart."""

    PHYSICAL = "physical"
    PSYCHOLOGICAL = "psychological"
    SEXUAL = "sexual"
    ECONOMIC = "economic"
    NEGLECT = "neglect"
    STALKING = "stalking"
    COERCIVE_CONTROL = "coercive-control"
    WITNESS = "witness-of-violence"
    ELDER_ABUSE = "elder-abuse"
    HONOUR_BASED = "honour-based"
    UNKNOWN = "unknown"


class Consent(StrEnum):
    """Whether those concerned agree that this is shared."""

    GIVEN = "given"
    REFUSED = "refused"
    NOT_ASKED = "not-asked"
    UNSAFE_TO_ASK = "unsafe-to-ask"


class Change(StrEnum):
    """What the tenant system did to its own record."""

    REPORTED = "reported"
    WITHDRAWN = "withdrawn"


class PartnerKind(StrEnum):
    """Kinds of help a referral can ask for; which partner gives it in an area is configuration."""

    VEILIG_THUIS = "veilig-thuis"
    WOMENS_SHELTER = "vrouwenopvang"
    NEIGHBOURHOOD_TEAM = "wijkteam"
    MARAC = "marac"
    IDVA = "idva"
    CHILDRENS_SERVICES = "childrens-services"
    ADULT_SOCIAL_CARE = "adult-social-care"


class LegalBasis(StrEnum):
    """Why it may be shared. Which basis permits which kind of partner is a table in `schemas/legal.py`."""

    WMO_5_2_6 = "wmo-2015-5.2.6"
    CONSENT = "consent"
    VITAL_INTEREST = "gdpr-vital-interest"
    COVENANT = "covenant"
    DPA_SAFEGUARDING = "dpa-2018-sch1-18"


class PersonRole(StrEnum):
    """What a person may be in what was noticed. `alleged` stands in the name: nobody has judged."""

    POSSIBLE_VICTIM = "possible-victim"
    CHILD = "child"
    ALLEGED_PERPETRATOR = "alleged-perpetrator"
    HOUSEHOLD_MEMBER = "household-member"


class Stage(StrEnum):
    """The stage that writes a fact."""

    INGEST = "ingest"
    ROUTER = "router"
    NOTIFY = "notify"
    AUDIT = "audit"
    CONSOLE = "console"
