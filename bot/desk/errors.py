"""What the returns desk refuses, and why. Every error it raises is a `DeskError`."""

from __future__ import annotations

from bot.desk.vocabulary import EvidenceKind, RequestStatus, Step
from bot.media.made import Problem
from bot.policy.decision import Decision


class DeskError(Exception):
    """The desk can't or won't do what it was asked; nothing was written."""


class DeskUnavailable(DeskError):
    """The database is down, locked or too slow; try again later."""


class NotVerified(DeskError):
    """The conversation hasn't proved that the order is the buyer's, or there is no such order."""


class TokenUsed(DeskError):
    """A token that signs a buyer in has started another conversation already."""


class AlreadyFiled(DeskError):
    """Pieces of an item already stand in a return request, and too few are left.

    Attributes:
        request_number: the newest such request's number.
        pieces_left: pieces of the item that stand in no request; 0 for a cancellation, which
            takes none.
    """

    def __init__(self, request_number: str, pieces_left: int = 0) -> None:
        super().__init__(f"already in return request {request_number}")
        self.request_number = request_number
        self.pieces_left = pieces_left


class NotEligible(DeskError):
    """The route asked for isn't open at the moment of writing.

    Attributes:
        decision: what holds now, with the routes that are open.
    """

    def __init__(self, decision: Decision) -> None:
        super().__init__("the route isn't open")
        self.decision = decision


class QuotaExhausted(DeskError):
    """The month's pre-paid return labels are used up (F10).

    Attributes:
        limit: labels per calendar month.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(f"all {limit} labels of this month are used")
        self.limit = limit


class AlreadyShipped(DeskError):
    """The seller has shipped, so the order can't be cancelled any more (S1)."""


class AlreadyCancelled(DeskError):
    """The order is cancelled, so nothing of it can be returned.

    Attributes:
        cancellation_number: the cancellation's number.
    """

    def __init__(self, cancellation_number: str) -> None:
        super().__init__(f"cancelled by {cancellation_number}")
        self.cancellation_number = cancellation_number


class UnknownRequest(DeskError):
    """There is no return request with this number."""


class UnknownTicket(DeskError):
    """No conversation was handed to a person under this number."""


class IllegalStep(DeskError):
    """A return request can't go from where it stands to the status asked for.

    Attributes:
        current: where it stands.
        wanted: the status or step asked for.
        allowed: where it can go.
    """

    def __init__(
        self,
        current: RequestStatus,
        wanted: RequestStatus | Step,
        allowed: frozenset[RequestStatus | Step] = frozenset(),
    ) -> None:
        super().__init__(f"{current.value} can't become {wanted.value}")
        self.current = current
        self.wanted = wanted
        self.allowed = allowed


class BadAnswer(DeskError):
    """Something handed in can't be used; the chat asks again.

    Attributes:
        path: which, such as "order.delivered_on" or "items".
        problem: why, as a code: "not_answerable", "invalid", "in_the_future", "before_order",
            "empty", "twice", "unknown", "taken", "too_many", "too_long".
    """

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class TooManyWithdrawals(DeskError):
    """The order has had too many statements of withdrawal today; the earlier ones hold.

    Attributes:
        withdrawal_number: the latest one's number.
    """

    def __init__(self, withdrawal_number: str) -> None:
        super().__init__(f"too many statements; the latest is {withdrawal_number}")
        self.withdrawal_number = withdrawal_number


class EvidenceRefused(DeskError):
    """A file isn't taken.

    Attributes:
        problem: why.
        kind: what it is by its first bytes; None when it is nothing that is taken.
    """

    def __init__(self, problem: Problem, kind: EvidenceKind | None = None) -> None:
        super().__init__(f"not taken: {problem.value}")
        self.problem = problem
        self.kind = kind


class TooManyFiles(DeskError):
    """The request, or the conversation, has as many files as it can have.

    Attributes:
        limit: how many.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(f"no more than {limit} files")
        self.limit = limit


class UnknownEvidence(DeskError):
    """There is no such file, or it is another conversation's; which of both isn't told."""


class EvidenceAttached(DeskError):
    """The file belongs to a filed request, so the buyer can't take it away.

    Attributes:
        request_number: the request's number.
    """

    def __init__(self, request_number: str) -> None:
        super().__init__(f"belongs to {request_number}")
        self.request_number = request_number


class RequestEnded(DeskError):
    """The request was refunded, refused or taken back; nothing is added to it any more.

    Attributes:
        request_number: the request's number.
        status: where it stands.
    """

    def __init__(self, request_number: str, status: RequestStatus) -> None:
        super().__init__(f"{request_number} is {status.value}")
        self.request_number = request_number
        self.status = status
