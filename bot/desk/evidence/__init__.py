"""Files of evidence: taken from buyers, written anew, kept, attached to requests, deleted."""

from bot.desk.evidence.attaching import add, attach, end_with_request
from bot.desk.evidence.finding import (
    file_of,
    files_of,
    latest,
    of_conversation,
    view,
    views,
    waiting,
)
from bot.desk.evidence.keeping import Prepared, before, digest, keep, prepare, room_on_disk
from bot.desk.evidence.store import Store, StoreFull
from bot.desk.evidence.sweeping import Swept, clear, purge, remove, sweep
from bot.desk.evidence.worker import Sweeper
from bot.desk.evidence_rules import EvidenceRules, evidence_rules

__all__ = [
    "EvidenceRules",
    "Prepared",
    "Store",
    "StoreFull",
    "Sweeper",
    "Swept",
    "add",
    "attach",
    "before",
    "clear",
    "digest",
    "end_with_request",
    "evidence_rules",
    "file_of",
    "files_of",
    "keep",
    "latest",
    "of_conversation",
    "prepare",
    "purge",
    "remove",
    "room_on_disk",
    "sweep",
    "view",
    "views",
    "waiting",
]
