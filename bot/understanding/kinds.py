"""Which intents are needs, and which needs are one and the same request."""

from __future__ import annotations

RETURN = frozenset(
    {
        "file_return",
        "report_not_received",
        "report_damaged",
        "report_not_as_described",
        "report_missing_items",
        "report_stopped_working",
        "change_of_mind",
        "check_eligibility",
    }
)
"""Needs that one request serves: what happened, and what the buyer wants for it."""

SERVED = RETURN | {
    "ask_return_policy",
    "ask_return_cost",
    "ask_free_return",
    "track_request",
    "track_order",
    "cancel_order",
    "withdraw_contract",
    "order_cancelled_by_store",
    "cancellation_terms",
    "ask_exchange",
    "ask_warranty",
    "ask_statutory_rights",
    "complaint",
    "contact_seller",
    "ask_human",
    "payment_problem",
    "account_problem",
    "modify_order",
}
"""Needs that the assistant answers or hands over; the others are talk around them."""
