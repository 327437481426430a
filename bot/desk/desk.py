"""The returns desk's front: what actions, help page and commands may ask of it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.desk import (
    advancing,
    cancelling,
    contracts,
    deciding,
    documents,
    evidence,
    filing,
    hand_offs,
    identity,
    importing,
    labels,
    letters,
    notices,
    orders,
    outbox,
    ratings,
    request_files,
    request_receipts,
    requests,
    return_labels,
    seller_messages,
    signing_in,
    text,
    withdrawing,
)
from bot.desk.context import Context
from bot.desk.database import Database
from bot.desk.evidence import Swept
from bot.desk.importing import Imported
from bot.desk.models import Order
from bot.desk.outbox import Done
from bot.desk.pictures import Pictures
from bot.desk.routes import routes_of
from bot.desk.submissions import (
    Answering,
    Complaint,
    Filing,
    HandingOff,
    Line,
    SigningIn,
    Withdrawing,
    Writing,
)
from bot.desk.views import (
    CancellationView,
    ContractView,
    DocumentView,
    EvidenceFileView,
    EvidenceView,
    HandOffView,
    LabelsView,
    LetterView,
    NoticeView,
    OrderView,
    OutboxView,
    OwnOrderView,
    Placed,
    RequestFileView,
    RequestView,
    SellerMessageView,
    SignedInView,
    StatementView,
    TicketView,
    Verification,
    WithdrawalView,
)
from bot.desk.vocabulary import Channel, RequestStatus, Step
from bot.policy import Clauses
from bot.policy.decision import Decision
from bot.policy.facts import Facts, Reason
from bot.request_links import request_links
from bot.settings import Settings
from bot.shop import shop_clauses

logger = logging.getLogger(__name__)


class Desk:
    """The returns desk. One for a process; its methods may be called from any thread.

    Every method raises `bot.desk.errors.DeskUnavailable` when the database doesn't answer, and
    nothing is half-written then. What a conversation may see is what it has proved: methods that
    take an order number raise `NotVerified` for any other.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self._worker: outbox.Worker | None = None
        self._sweeper: evidence.Sweeper | None = None
        self._store = evidence.Store(context.evidence.folder, context.evidence.free_bytes)

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        *,
        clauses: Clauses | None = None,
        clock: Clock | None = None,
    ) -> Desk:
        """A desk on the settings' database, which `migrate` must have brought up to date.

        Args:
            settings: the settings.
            clauses: clauses to decide by; the program's when None.
            clock: tells the present moment; the settings' when None.
        """
        return cls(
            Context(
                database=Database(settings.database_url),
                clauses=clauses or shop_clauses(settings),
                clock=clock or settings.clock,
                shop_time_zone=settings.shop_time_zone,
                verify_attempts=settings.verify_attempts,
                verify_misses_per_hour=settings.verify_misses_per_hour,
                wrong_pairs_per_address=settings.wrong_pairs_per_address,
                pictures=Pictures(settings.pictures_dir()),
                routes=routes_of(settings),
                support_email=settings.support_email,
                hand_offs_per_chat=settings.hand_offs_per_chat,
                hand_offs_per_buyer=settings.hand_offs_per_buyer,
                # Without a public address no receipt has a link, and no key is needed.
                request_links=request_links(settings) if settings.public_url else None,
                return_address=text.lines(settings.return_address),
                evidence=evidence.evidence_rules(settings),
                chat_lasts=timedelta(hours=settings.session_hours),
            )
        )

    def look(self) -> AbstractContextManager[None]:
        """A stretch of work in which all that is read is read from one moment's state."""
        return self.context.database.look()

    def verify(
        self, conversation_id: str, order_number: str, email: str, network: str = ""
    ) -> Verification:
        """Check an order number and the e-mail on it, and count misses.

        Args:
            conversation_id: which conversation asks.
            order_number: as the buyer writes it; spaces, dashes and # don't matter.
            email: as the buyer writes it; capitals don't matter.
            network: what stands for the network address that it comes from; "" where that isn't
                known. Misses are counted by it, too.
        """
        return self.context.database.transaction(
            lambda session: identity.verify(
                session, self.context, conversation_id, order_number, email, network
            )
        )

    def forget(self, conversation_id: str) -> None:
        """Take all that the conversation has proved away from it; misses stay counted."""
        self.context.database.transaction(lambda session: identity.forget(session, conversation_id))

    def sign_in(self, signing: SigningIn) -> SignedInView:
        """Let a conversation be the buyer's whom the shop has signed in.

        Args:
            signing: what the shop's token says; who calls has checked it.

        Raises:
            TokenUsed: the token has started another conversation.
        """
        return self.context.database.transaction(
            lambda session: signing_in.sign_in(session, self.context, signing)
        )

    def sign_out(self, conversation_id: str) -> None:
        """Make a conversation nobody's: what it was told and what it has proved are forgotten."""
        self.context.database.transaction(
            lambda session: signing_in.sign_out(session, conversation_id)
        )

    def signed_in(self, conversation_id: str) -> SignedInView | None:
        """The buyer that the shop has signed in to a conversation, or None."""
        with self.context.database.reading() as session:
            return signing_in.buyer_of(session, self.context, conversation_id)

    def own_orders(self, conversation_id: str, limit: int) -> list[OwnOrderView]:
        """The newest orders of the buyer who is signed in; none where nobody is.

        Args:
            conversation_id: which conversation asks.
            limit: how many at most.
        """
        with self.context.database.reading() as session:
            return signing_in.own_orders(session, self.context, conversation_id, limit)

    def take_own(self, conversation_id: str, order_number: str) -> OrderView | None:
        """Let the conversation speak about an order of the buyer who is signed in.

        Returns:
            The order; None when it isn't theirs, when there is none, and when nobody is signed in.
        """
        if self.signed_in(conversation_id) is None:
            return None
        number = text.order_number(order_number)

        def take(session: Session) -> OrderView | None:
            order = signing_in.take_own(session, self.context, conversation_id, number)
            return order and orders.view(session, self.context, order)

        return self.context.database.transaction(take)

    def order(self, conversation_id: str, order_number: str) -> OrderView:
        """An order of this conversation's buyer.

        Raises:
            NotVerified: the conversation hasn't proved it.
        """
        with self.context.database.reading() as session:
            order = orders.granted_order(session, conversation_id, order_number)
            return orders.view(session, self.context, order)

    def verified_orders(self, conversation_id: str) -> list[OrderView]:
        """All orders that the conversation has proved, oldest proof first."""
        with self.context.database.reading() as session:
            granted = orders.granted_orders(session, conversation_id)
            return [orders.view(session, self.context, order) for order in granted]

    def today(self, order: OrderView) -> date:
        """The calendar day where the buyer is."""
        return self.context.now().astimezone(ZoneInfo(order.time_zone)).date()

    def facts(
        self,
        conversation_id: str,
        order_number: str,
        item_id: int,
        reason: Reason | None,
        answers: Mapping[str, Any],
    ) -> Facts:
        """What is known of an item: the desk's own data, then the buyer's answers.

        Args:
            conversation_id: which conversation asks.
            order_number: the order.
            item_id: `ItemView.id`.
            reason: why; None when not yet known.
            answers: the buyer's answers by path, such as {"condition.used": False}. The desk's
                own data wins over them.

        Raises:
            NotVerified: the conversation hasn't proved the order.
            BadAnswer: a path that isn't the buyer's to answer, or a value that can't be.
        """
        return self._decided(conversation_id, order_number, item_id, reason, answers)[0]

    def decide(
        self,
        conversation_id: str,
        order_number: str,
        item_id: int,
        reason: Reason | None,
        answers: Mapping[str, Any],
    ) -> Decision:
        """What can be done about an item today. Arguments and errors as for `facts`."""
        return self._decided(conversation_id, order_number, item_id, reason, answers)[1]

    def _decided(
        self,
        conversation_id: str,
        order_number: str,
        item_id: int,
        reason: Reason | None,
        answers: Mapping[str, Any],
    ) -> tuple[Facts, Decision]:
        with self.context.database.reading() as session:
            order = orders.granted_order(session, conversation_id, order_number)
            item = deciding.item_of(order, item_id)
            return deciding.decide(session, self.context, order, item, reason, answers)

    def file(self, conversation_id: str, submission: Filing) -> RequestView:
        """File a return request; the same key in the same conversation files it once.

        Args:
            conversation_id: which conversation files.
            submission: what is handed in.

        Raises:
            NotVerified: the conversation hasn't proved the order.
            AlreadyCancelled: the order is cancelled.
            AlreadyFiled: fewer pieces of an item are left than asked for.
            NotEligible: the route isn't open for an item at this moment.
            QuotaExhausted: no pre-paid label is left this month (F10).
            BadAnswer: something handed in can't be used.
        """
        request = self.context.database.transaction(
            lambda session: filing.file(session, self.context, conversation_id, submission)
        )
        self._deliver()
        return request

    def requests(self, conversation_id: str, order_number: str) -> list[RequestView]:
        """All return requests under an order, oldest first.

        Raises:
            NotVerified: the conversation hasn't proved the order.
        """
        with self.context.database.reading() as session:
            order = orders.granted_order(session, conversation_id, order_number)
            return requests.of_order(session, order)

    def cancel(self, conversation_id: str, order_number: str, key: str) -> CancellationView:
        """Cancel an order that hasn't been shipped (S1); it is cancelled once.

        Raises:
            NotVerified: the conversation hasn't proved the order.
            AlreadyShipped: the seller has shipped.
            AlreadyFiled: an item stands in a return request.
            NotEligible: another reason against it, such as no payment.
            BadAnswer: the key can't be used.
        """
        cancellation = self.context.database.transaction(
            lambda session: cancelling.cancel(
                session, self.context, conversation_id, order_number, key
            )
        )
        self._deliver()
        return cancellation

    def hand_off(
        self,
        conversation_id: str,
        need: str,
        summary: str,
        transcript: Sequence[Line],
        key: str,
        order_number: str | None = None,
        tried: Sequence[str] = (),
    ) -> HandOffView:
        """Open a ticket for a person; the same key in the same conversation opens one.

        When a conversation or a buyer has had as many tickets in 24 hours as the settings allow,
        the newest of them is the answer, and no other is opened.

        Args:
            conversation_id: which conversation.
            need: what the buyer wants, in a few words.
            summary: what is known so far.
            transcript: what was said.
            key: names this hand-off.
            order_number: the order it is about. Buyer and order go into the ticket only when this
                conversation has proved the order; else it is left out.
            tried: what the assistant did before, a few words each.

        Raises:
            BadAnswer: the key can't be used.
        """
        handing = HandingOff(key, need, summary, tuple(transcript), order_number, tuple(tried))
        ticket = self.context.database.transaction(
            lambda session: hand_offs.hand_off(session, self.context, conversation_id, handing)
        )
        self._deliver()
        return ticket

    def answer_hand_off(
        self, ticket: str, words: str, key: str, name: str = "", actor: str = "hand-offs answer"
    ) -> TicketView:
        """Tell a buyer what a person answers: in the chat, and by mail where the order is known.

        Args:
            ticket: the ticket's number.
            words: the answer, up to 4000 characters; markup in it is shown as it is.
            key: the same key answers once.
            name: who answers, up to 60 characters.
            actor: who hands it in, for the audit.

        Raises:
            UnknownTicket: there is no such ticket.
            BadAnswer: "text", "name" or "key" can't be used.
        """
        found = self.context.database.transaction(
            lambda session: hand_offs.answer(
                session, self.context, ticket, Answering(words, key, name, actor)
            )
        )
        self._deliver()
        return found

    def ticket(self, number: str) -> TicketView | None:
        """A ticket by its number, or None; for an operator."""
        with self.context.database.reading() as session:
            return hand_offs.by_number(session, self.context, number)

    def latest_tickets(self, limit: int, unanswered: bool = False) -> list[TicketView]:
        """The newest tickets, newest first, for an operator.

        Args:
            limit: how many.
            unanswered: only those without an answer.
        """
        with self.context.database.reading() as session:
            return hand_offs.latest(session, self.context, limit, unanswered)

    def notices(self, conversation_id: str, after: int) -> tuple[list[NoticeView], int]:
        """What a chat is to be told that it didn't ask for.

        Args:
            conversation_id: which conversation.
            after: the place up to which it was told; 0 for nothing yet.

        Returns:
            The notices, oldest first, and the place up to which they go. About requests, those
            whose order the conversation has proved and not given back.
        """
        with self.context.database.reading() as session:
            return notices.of_conversation(session, conversation_id, after)

    def noticed(self, since: datetime | None) -> list[Placed]:
        """Which conversations have notices, for who asks for all of them at once.

        Args:
            since: leaves out notices from before; None for none.
        """
        with self.context.database.reading() as session:
            return notices.placed(session, since)

    def message_seller(
        self,
        conversation_id: str,
        order_number: str,
        text: str,
        key: str,
        complaint: Complaint | None = None,
    ) -> SellerMessageView:
        """Record what a buyer has to say to the seller of an order (H1).

        Args:
            conversation_id: which conversation.
            order_number: the order.
            text: the message, up to 4000 characters.
            key: the same key in the same conversation records one message.
            complaint: what is wrong, when the text says so; it stops the clock of BR-CDC-26§2-I.

        Raises:
            NotVerified: the conversation hasn't proved the order.
            BadAnswer: the text is empty or too long, or key or complaint can't be used.
        """
        message = self.context.database.transaction(
            lambda session: seller_messages.message_seller(
                session, self.context, conversation_id, order_number, text, key, complaint
            )
        )
        self._deliver()
        return message

    def rate(self, conversation_id: str, stars: int, comment: str | None = None) -> None:
        """Keep how a buyer liked the conversation; one rating each, the latest stays.

        Args:
            conversation_id: which conversation; it need not have proved an order.
            stars: 1 to 5.
            comment: more in words.

        Raises:
            BadAnswer: stars that aren't a whole number from 1 to 5.
        """
        self.context.database.transaction(
            lambda session: ratings.rate(session, self.context, conversation_id, stars, comment)
        )

    def labels_left(self, conversation_id: str, order_number: str) -> LabelsView:
        """How many of this month's pre-paid labels the order's buyer has left (F10).

        Raises:
            NotVerified: the conversation hasn't proved the order.
        """
        with self.context.database.reading() as session:
            order = orders.granted_order(session, conversation_id, order_number)
            return labels.left(session, self.context, order)

    def advance(self, request_number: str, wanted: RequestStatus | Step, actor: str) -> RequestView:
        """Move a return request along, for the shop; the buyer gets a receipt of it.

        A request that stands there already stays as it is. Refused and withdrawn requests free
        their items for another one; what they had of the month's labels stays used.

        Args:
            request_number: the request's public number.
            wanted: where it goes, or one of the steps in between (`vocabulary.NOTED`).
            actor: who moves it, for the audit.

        Raises:
            UnknownRequest: there is no such request.
            IllegalStep: it can't go there from where it stands.
        """
        request = self.context.database.transaction(
            lambda session: advancing.advance(session, self.context, request_number, wanted, actor)
        )
        self._deliver()
        return request

    def contracts(self, conversation_id: str) -> list[ContractView]:
        """All orders that the conversation has proved, as contracts to withdraw from."""
        with self.context.database.reading() as session:
            return contracts.of_conversation(session, self.context, conversation_id)

    def withdrawable(self, conversation_id: str) -> list[ContractView]:
        """Those of `contracts` that are still in their period, by law."""
        return [one for one in self.contracts(conversation_id) if one.is_open]

    def contract(self, conversation_id: str, order_number: str) -> ContractView:
        """An order as a contract to withdraw from, in its period or not.

        Raises:
            NotVerified: the conversation hasn't proved it.
        """
        with self.context.database.reading() as session:
            order = orders.granted_order(session, conversation_id, order_number)
            return contracts.view(session, self.context, order)

    def statement(self, conversation_id: str, submission: Withdrawing) -> StatementView:
        """A statement of withdrawal in full, before it is sent; nothing is written.

        Raises:
            NotVerified: the conversation hasn't proved the order.
            AlreadyCancelled: the order is cancelled.
            BadAnswer: "items", "name" or "email" can't be used.
        """
        with self.context.database.reading() as session:
            return withdrawing.statement(session, self.context, conversation_id, submission)

    def withdraw(self, conversation_id: str, submission: Withdrawing, key: str) -> WithdrawalView:
        """Withdraw from a contract; late or left out by law, it is recorded all the same.

        Args:
            conversation_id: which conversation withdraws.
            submission: the statement.
            key: the same key withdraws once.

        Raises:
            NotVerified: the conversation hasn't proved the order.
            AlreadyCancelled: the order is cancelled.
            TooManyWithdrawals: the order has had too many statements today.
            BadAnswer: something handed in can't be used.
        """
        # The document takes a while to make, and on SQLite everybody else would wait for it.
        with self.context.database.reading() as session:
            prepared = withdrawing.prepare(session, self.context, conversation_id, submission, key)
        withdrawal = self.context.database.transaction(
            lambda session: withdrawing.withdraw(
                session, self.context, conversation_id, submission, key, prepared
            )
        )
        self._deliver()
        return withdrawal

    def letter(self, conversation_id: str, writing: Writing) -> LetterView:
        """A letter to the seller about a fault, before it goes anywhere; nothing is written.

        Raises:
            NotVerified: the conversation hasn't proved the order.
            NotEligible: the law gives no claim for it here and today.
            BadAnswer: "items", "reason", "words" or "remedy" can't be used.
        """
        with self.context.database.reading() as session:
            return letters.draft(session, self.context, conversation_id, writing)

    def keep_letter(self, conversation_id: str, writing: Writing, key: str) -> LetterView:
        """Keep a letter's PDF under its number; the same key keeps it once. Errors as `letter`."""
        # The document takes a while to make, and on SQLite everybody else would wait for it.
        with self.context.database.reading() as session:
            letter, content = letters.prepare(session, self.context, conversation_id, writing, key)
        self.context.database.transaction(
            lambda session: letters.keep(session, self.context, conversation_id, letter, content)
        )
        return letter

    def withdrawals(self, conversation_id: str, order_number: str) -> list[WithdrawalView]:
        """All withdrawals from an order, newest first.

        Raises:
            NotVerified: the conversation hasn't proved the order.
        """
        with self.context.database.reading() as session:
            order = orders.granted_order(session, conversation_id, order_number)
            return withdrawing.of_order(session, self.context, order)

    def withdrawal(self, number: str) -> WithdrawalView | None:
        """A withdrawal by its number, or None; for who was given the number by us."""
        with self.context.database.reading() as session:
            return withdrawing.by_number(session, self.context, number)

    def latest_withdrawals(self, limit: int) -> list[WithdrawalView]:
        """The newest withdrawals of all buyers, newest first, for an operator."""
        with self.context.database.reading() as session:
            return withdrawing.latest(session, self.context, limit)

    def document(self, about: str) -> DocumentView | None:
        """The newest document about a number, or None; for who was given a signed link."""
        with self.context.database.reading() as session:
            return documents.about(session, about)

    def latest_requests(self, limit: int) -> list[RequestView]:
        """The newest return requests of all buyers, newest first, for an operator."""
        with self.context.database.reading() as session:
            return requests.latest(session, limit)

    def request(self, number: str) -> RequestView | None:
        """A return request by its number, or None; for an operator."""
        with self.context.database.reading() as session:
            return requests.by_number(session, number)

    def request_file(self, number: str) -> RequestFileView | None:
        """All about a request, or None; for who was given a signed link."""
        with self.context.database.reading() as session:
            return request_files.by_number(session, self.context, number)

    def return_label(self, number: str) -> DocumentView | None:
        """The pre-paid label of a request with its return form, as PDF; for who has a signed link.

        Returns:
            The document; None when the request has no label, or one that can't be used any more.
        """
        with self.context.database.reading() as session:
            return return_labels.document(session, self.context, number)

    def new_evidence(self) -> Path:
        """A path for a file that comes in; who asks for it deletes what is there afterwards.

        Raises:
            EvidenceRefused: there is no room on the disk.
        """
        return evidence.room_on_disk(self._store)

    def keep_evidence(
        self, conversation_id: str, name: str, path: Path, request_number: str | None = None
    ) -> EvidenceView:
        """Check a file that a conversation sends, write it anew and keep it; it takes a while.

        The same file sent twice is kept once. It waits until a request is filed with it, unless
        a request is named.

        Args:
            conversation_id: which conversation; it need not have proved an order.
            name: the file's, as the buyer's machine calls it; anything.
            path: where it lies; who calls deletes it.
            request_number: a filed request that it goes to at once.

        Raises:
            EvidenceRefused: the file isn't taken.
            TooManyFiles: the conversation, or the request, has as many as it can have.
            NotVerified: the conversation hasn't proved the request's order.
            RequestEnded: nothing is added to the request any more.
        """
        return self._keep_evidence(conversation_id, name, path, request_number, conversation_id)

    def keep_request_evidence(
        self, request_number: str, name: str, path: Path, actor: str
    ) -> EvidenceView:
        """Keep a file for a request, from who was given its signed link; see `keep_evidence`.

        Args:
            request_number: the request's public number.
            name: the file's, as the buyer's machine calls it; anything.
            path: where it lies; who calls deletes it.
            actor: who sends it, for the audit.

        Raises:
            UnknownRequest: there is no such request.
            EvidenceRefused, TooManyFiles, RequestEnded: as for `keep_evidence`.
        """
        return self._keep_evidence(None, name, path, request_number, actor)

    def _keep_evidence(
        self,
        conversation_id: str | None,
        name: str,
        path: Path,
        request_number: str | None,
        actor: str,
    ) -> EvidenceView:
        context, sha256 = self.context, evidence.digest(path)
        # Reading a file takes a while; who has it already, or no room for it, needn't wait.
        with context.database.reading() as session:
            found = evidence.before(session, context, conversation_id, sha256, request_number)
        if found is not None:
            return found
        prepared = evidence.prepare(context.evidence, self._store, path, sha256)
        try:
            kept = context.database.transaction(
                lambda session: evidence.keep(
                    session, context, conversation_id, name, prepared, request_number, actor
                )
            )
        except BaseException:
            self._store.remove(prepared.stored_as)
            raise
        # Another may have sent the same meanwhile; then this one isn't needed.
        evidence.clear(context.database, self._store, [prepared.stored_as])
        return kept

    def evidence_of(self, conversation_id: str) -> tuple[EvidenceView, ...]:
        """A conversation's files that wait for a request, oldest first."""
        with self.context.database.reading() as session:
            return evidence.waiting(session, conversation_id)

    def add_evidence(
        self, conversation_id: str, request_number: str, ids: Sequence[str]
    ) -> tuple[EvidenceView, ...]:
        """Give a conversation's files to a request that was filed before.

        Args:
            conversation_id: whose files; it must have proved the request's order.
            request_number: the request's public number.
            ids: `EvidenceView.id` of each.

        Raises:
            NotVerified: the conversation hasn't proved the request's order.
            RequestEnded: nothing is added to the request any more.
            TooManyFiles: the request has no room for them.
            BadAnswer: an id that is none of this conversation's ("files", "unknown").
        """
        return self.context.database.transaction(
            lambda session: evidence.add(
                session, self.context, conversation_id, request_number, ids
            )
        )

    def remove_evidence(self, conversation_id: str, evidence_id: str) -> None:
        """Delete a file that waits for a request.

        Raises:
            UnknownEvidence: the conversation has no such file.
            EvidenceAttached: it belongs to a filed request.
        """
        name = self.context.database.transaction(
            lambda session: evidence.remove(session, conversation_id, evidence_id)
        )
        evidence.clear(self.context.database, self._store, [name])

    def evidence_file(self, evidence_id: str) -> EvidenceFileView | None:
        """A file with where it lies, or None; for an operator or who has its signed link."""
        with self.context.database.reading() as session:
            return evidence.file_of(session, self._store, evidence_id)

    def evidence_files(self, request_number: str) -> tuple[EvidenceFileView, ...]:
        """Files of a request with where they lie, oldest first, for an operator."""
        with self.context.database.reading() as session:
            return evidence.files_of(session, self._store, request_number)

    def latest_evidence(self, limit: int) -> tuple[EvidenceFileView, ...]:
        """The newest files of all buyers, newest first, for an operator."""
        with self.context.database.reading() as session:
            return evidence.latest(session, self._store, limit)

    def purge_evidence(self, request_number: str, actor: str) -> int:
        """Delete all files of a request, for an operator; how many there were.

        Args:
            request_number: the request's public number.
            actor: who deletes, for the audit.
        """
        names = self.context.database.transaction(
            lambda session: evidence.purge(session, self.context, request_number, actor)
        )
        evidence.clear(self.context.database, self._store, names)
        return len(names)

    def sweep_evidence(self, *, force: bool = False) -> Swept:
        """Delete files whose time has come, and what a crash left behind.

        Args:
            force: delete files without a row also when they are many.
        """
        return evidence.sweep(self.context, self._store, force=force)

    def request_receipt(self, number: str) -> DocumentView | None:
        """The receipt of a request as PDF, or None; for who has a signed link."""
        with self.context.database.reading() as session:
            return request_receipts.document(session, self.context, number)

    def import_orders(
        self, lines: Iterable[str], actor: str, pictures: Path | None = None
    ) -> Imported:
        """Load a shop's orders from JSON Lines, all or nothing (docs/desk.md).

        Args:
            lines: the file, line by line.
            actor: who imports, for the audit.
            pictures: folder of the pictures that items name; None when they name none.

        Raises:
            ImportRefused: with every problem, by line and field.
        """
        records = importing.read_orders(self.context, lines)
        kept = importing.keep_pictures(self.context.pictures, records, pictures)
        return self.context.database.transaction(
            lambda session: importing.import_orders(session, self.context, records, actor, kept)
        )

    def is_empty(self) -> bool:
        """Whether there are no orders."""
        with self.context.database.reading() as session:
            return session.execute(select(Order.id).limit(1)).first() is None

    def deliver_due(self) -> Done:
        """Deliver now what is due in the outbox, in this thread; what fails is tried again later.

        Returns:
            How many messages were delivered, wait, or were given up.
        """
        return sum((outbox.deliver_due(self.context, channel) for channel in Channel), Done())

    def undelivered(self, limit: int) -> list[OutboxView]:
        """Messages of the outbox that wait or were given up, oldest first, for an operator."""
        with self.context.database.reading() as session:
            return outbox.listed(session, limit)

    def retry(self, message_ids: Sequence[int] | None = None) -> int:
        """Make messages of the outbox due now, also those that were given up.

        Args:
            message_ids: `OutboxView.id` of each; None for all that were given up.

        Returns:
            How many; a delivered one isn't among them.
        """
        now = self.context.now()
        return self.context.database.transaction(
            lambda session: outbox.retry(session, now, message_ids)
        )

    def start_delivering(self) -> None:
        """Deliver the outbox and sweep evidence in threads of this process, until `close`."""
        if self._worker is None:
            self._worker = outbox.Worker(self.context)
            self._worker.start()
        if self._sweeper is None:
            self._sweeper = evidence.Sweeper(self.context, self._store)
            self._sweeper.start()

    def close(self) -> None:
        """Stop delivering and sweeping, and close all connections to the database."""
        if self._sweeper is not None:
            self._sweeper.stop()
        self._sweeper = None
        if self._worker is not None and not self._worker.stop():
            logger.warning("a message is still on its way; it is tried again later")
        self._worker = None
        self.context.database.close()

    def _deliver(self) -> None:
        """Have delivered what was just written; it waits where nobody delivers in this process."""
        if self._worker is not None:
            self._worker.wake()
