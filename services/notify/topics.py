"""TOPICS: what notify reads and writes, to be there before it starts."""

from schemas.topics import AUDIT, COMMANDS, PARKED, REFERRALS, outcome_topic
from services.notify.directory import Directory
from services.runtime.kafka import TopicSpec


def topics(directory: Directory) -> list[TopicSpec]:
    """With one of outcomes for each corporation that wants to hear of them."""
    told = [outcome_topic(each.id) for each in directory.corporations.values() if each.outcomes]
    every = (REFERRALS, COMMANDS, AUDIT, PARKED, *told)
    return [TopicSpec(each.name, each.partitions, each.configs(), exactly=each is AUDIT) for each in every]
