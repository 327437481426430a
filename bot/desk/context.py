"""What every part of the desk works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.desk.database import Database
from bot.desk.evidence_rules import EvidenceRules
from bot.desk.models import Order
from bot.desk.pictures import Pictures
from bot.desk.routes import Routes
from bot.desk.time_zones import zone_of
from bot.policy import Clauses
from bot.request_links import RequestLinks


@dataclass(frozen=True)
class Context:
    """The desk's tools and settings.

    Attributes:
        database: where orders and requests are kept.
        clauses: every version of every clause.
        clock: tells the present moment.
        shop_time_zone: IANA name, for an address that tells no zone.
        verify_attempts: a conversation's misses until no more pairs are accepted in it.
        verify_misses_per_hour: misses at one order number or with one e-mail, in all
            conversations, until no more pairs with it are accepted for the rest of the hour.
        routes: where messages go.
        evidence: what files of evidence may have, and how long they stay.
        support_email: where hand-offs and messages for sellers go.
        hand_offs_per_chat: tickets of one conversation in 24 hours.
        hand_offs_per_buyer: tickets of one buyer in 24 hours, over all conversations.
        pictures: of items.
        request_links: makes the links to requests in receipts.
        wrong_pairs_per_address: misses from one network address, in all conversations and on all
            pages, until no more pairs from it are accepted for the rest of the hour.
        return_address: the lines of the address that returned parcels go to; none while the
            shop hasn't told it.
        chat_lasts: after which a chat's session has ended, and it can be told nothing more.
    """

    database: Database
    clauses: Clauses
    clock: Clock
    shop_time_zone: str
    verify_attempts: int
    verify_misses_per_hour: int
    routes: Routes
    evidence: EvidenceRules
    support_email: str
    hand_offs_per_chat: int
    hand_offs_per_buyer: int
    wrong_pairs_per_address: int = 20
    pictures: Pictures = field(default_factory=lambda: Pictures(Path("pictures")))
    request_links: RequestLinks | None = None
    return_address: tuple[str, ...] = ()
    chat_lasts: timedelta = timedelta(hours=12)

    def now(self) -> datetime:
        """The present moment."""
        return self.clock()

    def local_now(self, order: Order) -> datetime:
        """The present moment on the clock of the buyer who gets the order."""
        return self.now().astimezone(zone_of(order.country, order.region, self.shop_time_zone))

    def today(self, order: Order) -> date:
        """The buyer's calendar day."""
        return self.local_now(order).date()
