"""Every key a log line may have. What is not here is dropped and counted; add it here, and never personal data."""

from enum import StrEnum


class Key(StrEnum):
    """Ids are derived or random, names come from configuration, numbers are counts; nothing is anybody's free text."""

    # who speaks
    EVENT = "event"  # what happened: `stage.what`, lower case
    LEVEL = "level"  # debug, info, warning, error, critical
    TIMESTAMP = "timestamp"  # UTC, ISO 8601
    LOGGER = "logger"  # name of the logger, ours or a library's
    SERVICE = "service"  # name of the Service
    STAGE = "stage"  # ingest, router, notify, audit, console
    VERSION = "version"  # of seinpaal, a rule set, a schema
    TRACE = "trace"  # W3C trace id

    # how it went
    OUTCOME = "outcome"  # done, or the name of what went wrong
    SECONDS = "seconds"  # how long it took
    REASON = "reason"  # a stable code
    FIELD = "field"  # path of a field at fault, without its value
    WHY = "why"  # text of an error of ours, or of a Health
    ERROR = "error"  # type of an exception, and of those behind it
    FRAMES = "frames"  # our own modules and lines it came through, the last one raised it
    CODE = "code"  # SQLSTATE, SQLite's or Kafka's own code
    CONSTRAINT = "constraint"  # name of a database constraint
    STATUS = "status"  # HTTP status, or status of a case
    STATE = "state"  # of a delivery, a breaker, a lease
    ALIVE = "alive"  # of a Health
    READY = "ready"  # of a Health
    DROPPED = "dropped"  # keys left out of this very line

    # how much
    RECORDS = "records"  # read in this batch
    OUTPUTS = "outputs"  # written in this batch
    FACTS = "facts"  # audit entries of this batch
    PARKED = "parked"  # records that could not be carried
    IGNORED = "ignored"  # events that are no signal
    DUPLICATES = "duplicates"  # seen before
    REFERRALS = "referrals"  # decided, queued
    HELD = "held"  # waiting for a person
    COUNT = "count"  # of what the event names
    BYTES = "bytes"  # size
    LAG = "lag"  # records still to be read
    RULES = "rules"  # rules in force
    ENTRIES = "entries"  # audit entries in the log
    TREE_SIZE = "tree_size"  # leaves of the Merkle tree

    # where in Kafka
    TOPIC = "topic"  # topic
    PARTITION = "partition"  # partition
    OFFSET = "offset"  # offset
    FIRST_OFFSET = "first_offset"  # of the batch
    LAST_OFFSET = "last_offset"  # of the batch
    GROUP = "group"  # consumer group
    GENERATION = "generation"  # of the group, or of an epoch
    BROKER = "broker"  # host:port list

    # about what
    CORPORATION = "corporation"  # its name in configuration
    SIGNAL = "signal"  # UUID, also the case
    REVISION = "revision"  # of the signal
    REFERRAL = "referral"  # UUID
    ENTRY = "entry"  # UUID of an audit entry
    COMMAND = "command"  # UUID or kind of a command
    FACT = "fact"  # what an audit entry says
    PARTNER = "partner"  # its name in configuration
    CHANNEL = "channel"  # fhir, webhook, inbox
    RULE = "rule"  # id of a rule
    KEY_ID = "key_id"  # of a key, never the key
    ACTOR = "actor"  # pseudonym of a person with a role
    DIGEST = "digest"  # SHA-256 of bytes
    ATTEMPT = "attempt"  # counts from 1
    DUE_AT = "due_at"  # when it should be done
    NEXT_AT = "next_at"  # when it is tried again
    WAIT_SECONDS = "wait_seconds"  # before it is tried again

    # about the machine
    HOST = "host"  # we listen on
    PORT = "port"  # we listen on
    ADDRESS = "address"  # of a page of ours, without a query
    ROUTE = "route"  # of an address of ours that was asked, its ids as names in braces
    PATH = "path"  # of a file we read or write
    SIGNAL_NAME = "signal_name"  # SIGTERM, SIGINT
    DATABASE = "database"  # sqlite or postgresql
    SETTING = "setting"  # name of a setting
    CONFIGURED = "configured"  # whether a secret is set

    # what a library said
    TEMPLATE = "template"  # its message before data was filled in, when it stands so in its source
    WHERE = "where"  # module and line that logged it
    REPEATED = "repeated"  # how many more of the same were left out before this one


KEYS = frozenset(key.value for key in Key)
