"""Runs every scripted chat against the trained model, the action server and a fresh desk."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversations.conftest import Chat
from tests.conversations.script import Script, check_reply, read_scripts
from tests.pdf_words import words_of_pdf

SCRIPTS = list(read_scripts())
NEWEST = {
    "request": "return_requests",
    "item": "return_request_items",
    "refund": "refunds",
    "withdrawal": "withdrawals",
}
"""Words of a script for the newest row of a table."""


@pytest.mark.model
@pytest.mark.parametrize("script", SCRIPTS, ids=[script.id for script in SCRIPTS])
def test_the_chat_goes_as_scripted(script: Script, chat: Chat) -> None:
    log_start = chat.assistant.log_size()
    for step in script.chat:
        _do(step, chat)
    _check_database(script.database, chat)
    assert "Traceback" not in chat.assistant.log_since(log_start)


def _do(step: dict[str, Any], chat: Chat) -> None:
    if "desk" in step:
        if isinstance(step["desk"], dict):
            chat.desk.advance(step["desk"]["advance"])
        elif step["desk"] == "down":
            chat.desk.take_away()
        else:
            chat.desk.give_back()
        return
    if "new_session" in step:
        chat.start()
        return
    if "signed_in" in step:
        messages = chat.start(**step["signed_in"])
    elif "again" in step:
        messages = chat.send(chat.last_message)
    elif "buyer_repeated" in step:
        messages = chat.send(step["buyer_repeated"]["text"] * step["buyer_repeated"]["times"])
    elif "attach" in step:
        names = step["attach"]
        messages = chat.attach(*([names] if isinstance(names, str) else names))
    elif "tap" in step:
        messages = chat.tap(chat.desk.fill(step["tap"]))
    elif "old_tap" in step:
        messages = chat.tap(step["old_tap"], oldest=True)
    else:
        messages = chat.send(chat.desk.fill(str(step["buyer"])))
    filled = {
        key: [chat.desk.fill(str(words)) for words in step[key]]
        for key in ("text", "not_text", "buttons")
        if key in step
    }
    check_reply({**step, **filled}, messages)


def _check_database(expected: dict[str, Any], chat: Chat) -> None:
    for table, count in expected.items():
        if table in NEWEST:
            row = chat.desk.newest(NEWEST[table])
            assert {field: str(row[field]) for field in count} == {
                field: str(value) for field, value in count.items()
            }
        elif table == "document_says":
            written = words_of_pdf(chat.desk.newest("documents")["content"])
            assert [words for words in count if words not in written] == [], written
        elif table == "mails_to":
            assert {m["recipient"] for m in chat.desk.added_rows("outbox_messages")} == set(count)
        elif table == "newest_receipt_lacks":
            receipt = str(chat.desk.newest("outbox_messages"))
            assert not [words for words in count if words in receipt]
        else:
            assert chat.desk.added(table) == count, f"{table}: {chat.desk.added(table)} rows added"
    if not expected:
        assert chat.desk.added("return_requests") == 0, "a request was filed unasked"
