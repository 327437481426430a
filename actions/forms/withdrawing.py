"""Withdrawing from a contract by law: the order, the goods, the statement in full, its own yes.

Source: Directive 2011/83/EU art. 11a, Decreto 7.962/2013 art. 5. Name and address for the
confirmation are taken from the order and can be changed, so that nobody has to type them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from actions import identify, reading
from actions.earlier_withdrawals import tell_earlier
from actions.forms.base import Form
from actions.forms.choosing import ALREADY_DONE
from actions.forms.filing import DECLINED
from actions.resources import get_desk
from actions.talk import Talk
from bot.desk import BadAnswer, ContractView, Withdrawing
from bot.understanding.answers import says

OWN = (
    "withdraw_earlier",
    "withdraw_items",
    "withdraw_name",
    "withdraw_email",
    "withdraw_confirm",
    "withdraw_key",
    "withdraw_asks",
    "withdraw_order",
)
LOOKED_UP = "looked_up"
"""Outcome: a withdrawal that was made before is asked for."""
CHANGEABLE = ("withdraw_items", "withdraw_name", "withdraw_email")
_NO_NAME = frozenset({"nlu_fallback", "inform", "out_of_scope", "other_language", "small_talk"})
"""Intents that a bare name may look like."""


class ValidateWithdrawForm(Form):
    """Collects a statement of withdrawal up to the buyer's explicit confirmation."""

    form = "withdraw_form"
    triggers = frozenset({"withdraw_contract"})
    need = "withdraw_contract"
    resets = OWN

    def start(self, talk: Talk) -> None:
        """Takes what the first message says, such as which goods, or what a filing hands over."""
        super().start(talk)
        if not talk.is_tap and asks_for_earlier(talk):
            talk.set("withdraw_earlier", True)
        if talk.intent in self.triggers:
            talk.clear("withdraw_handed")
        if talk.get("withdraw_handed"):
            talk.set("withdraw_order", talk.get("order_number"))
            talk.set("withdraw_items", talk.get("withdraw_handed"))
        elif not talk.is_tap:
            talk.set("first_words", talk.text)

    def correct(self, talk: Talk) -> None:
        """Another order, other goods, another name or address."""
        named = reading.choice(talk, *CHANGEABLE)
        if talk.intent == "correct_order":
            identify.take_other_order(talk)
        elif named or talk.intent == "correct_item":
            talk.clear(named or "withdraw_items", "withdraw_key", "withdraw_confirm")
            talk.set("withdraw_asks", named or "withdraw_items")

    def readers(self) -> dict[str, Callable[[Talk], None]]:
        """A reader for each slot that the form may ask for."""
        return {
            "order_number": identify.read_order_number,
            "email": identify.read_email,
            "withdraw_items": _read_items,
            "withdraw_name": _read_name,
            "withdraw_email": _read_email,
            "withdraw_confirm": _read_confirm,
        }

    def next_step(self, talk: Talk) -> str | None:
        """Identity, goods, then the statement; name and address only when they shall change."""
        step = identify.next_identity_step(talk)
        if step or talk.get("outcome"):
            return step
        if talk.get("withdraw_earlier"):
            talk.set("outcome", LOOKED_UP)
            return None
        contract = contract_of(talk)
        if talk.get("withdraw_order") != contract.order_number:
            talk.clear(*OWN)
            talk.set("withdraw_order", contract.order_number)
        if contract.cancellation_number:
            talk.say("utter_already_cancelled", order_number=contract.order_number)
            talk.set("outcome", ALREADY_DONE)
            return None
        _take_what_is_known(talk, contract)
        asked = next((slot for slot in CHANGEABLE if talk.get(slot) is None), None)
        if asked or talk.get("withdraw_confirm"):
            return asked
        if talk.get("withdraw_key") is None:
            talk.set("withdraw_key", uuid.uuid4().hex)
        return "withdraw_confirm"


def asks_for_earlier(talk: Talk) -> bool:
    """Whether a message asks for a withdrawal made before: "did my withdrawal go through?"."""
    return says(talk.text, "of_a_withdrawal")


def contract_of(talk: Talk) -> ContractView:
    """The verified order as a contract to withdraw from, asked of the desk once in a turn."""
    number = talk.get("order_number")
    if ("contract", number) not in talk.looked_up:
        found = get_desk().contract(talk.conversation_id, number)
        talk.looked_up["contract", number] = found
    contract: ContractView = talk.looked_up["contract", number]
    return contract


def submission(talk: Talk, **changes: str) -> Withdrawing:
    """What would be handed in now.

    Args:
        talk: the turn.
        **changes: another name or e-mail than the slots have.
    """
    return Withdrawing(
        order_number=talk.get("order_number"),
        items=tuple(int(item) for item in talk.get("withdraw_items") or ()),
        name=changes.get("name") or talk.get("withdraw_name"),
        email=changes.get("email") or talk.get("withdraw_email"),
    )


def _take_what_is_known(talk: Talk, contract: ContractView) -> None:
    """The only item, the goods that the first message named, the order's name and address."""
    asks = talk.get("withdraw_asks")
    if talk.get("withdraw_items") is None and asks != "withdraw_items":
        if len(contract.items) == 1:
            talk.set("withdraw_items", [str(contract.items[0].id)])
        elif talk.get("items"):
            # The goods that were just talked about, in a check or a filing.
            own = {str(item.id) for item in contract.items}
            talk.set("withdraw_items", [i for i in talk.get("items") if i in own] or None)
        elif talk.get("first_words"):
            items = identify.verified_order(talk).items
            talk.set("withdraw_items", reading.items_named(talk.get("first_words"), items))
    talk.clear("first_words")
    for slot, value in (("withdraw_name", contract.name), ("withdraw_email", contract.email)):
        if talk.get(slot) is None and asks != slot:
            talk.set(slot, value)


def _read_items(talk: Talk) -> None:
    chosen = reading.items(talk, identify.verified_order(talk).items)
    if chosen:
        talk.set("withdraw_items", chosen)
        talk.clear("withdraw_asks")
    elif talk.intent == "inform":
        talk.ask_again("utter_item_unclear")


def _read_name(talk: Talk) -> None:
    if talk.is_tap or "?" in talk.text or talk.intent not in _NO_NAME:
        return
    name = " ".join(talk.text.split())
    _take(talk, "withdraw_name", "name", name, "utter_withdraw_name_unclear")


def _read_email(talk: Talk) -> None:
    if talk.is_tap or (not talk.entity("email") and talk.intent in reading.QUESTIONS):
        return
    address = talk.entity("email") or talk.text.strip()
    _take(talk, "withdraw_email", "email", address, "utter_withdraw_email_unclear")


def _take(talk: Talk, slot: str, field: str, value: str, unclear: str) -> None:
    """Keeps a name or an address when the desk can use it."""
    try:
        stated = get_desk().statement(talk.conversation_id, submission(talk, **{field: value}))
    except BadAnswer as error:
        if error.path != field:
            raise
        talk.ask_again(unclear)
        return
    talk.set(slot, getattr(stated, field))
    talk.clear("withdraw_asks")


def _read_confirm(talk: Talk) -> None:
    """Only the button with this statement's own key confirms, or "confirm withdrawal" in words.

    A plain yes may be to anything; this is a declaration by law.
    """
    if talk.is_tap:
        if talk.intent == "affirm" and talk.entity("confirm") == talk.get("withdraw_key"):
            talk.set("withdraw_confirm", True)
        elif talk.intent == "deny":
            talk.set("outcome", DECLINED)
    elif identify.names_other_order(talk):
        identify.take_entities(talk)
    elif asks_for_earlier(talk):
        tell_earlier(talk)
        talk.ask_again("utter_withdraw_not_sent_yet")
    elif reading.consents(talk, withdrawing=True) and says(talk.text, "withdrawal_confirmed"):
        talk.set("withdraw_confirm", True)
    elif reading.yes_no(talk) is False:
        talk.set("outcome", DECLINED)
    elif talk.intent == "affirm" or reading.consents(talk, withdrawing=True):
        talk.ask_again("utter_withdraw_confirm_unclear")
