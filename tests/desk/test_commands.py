from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.desk import Desk, FilingItem, Withdrawing
from bot.policy.decision import RouteId
from bot.policy.facts import Reason
from bot.settings import ROOT, Settings, get_settings
from tests.desk.shop import AS_NEW, CHAT, NOW, bring, filing, items, order, verified


@pytest.fixture(autouse=True)
def same_desk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on the test's own desk, on the test's day."""
    monkeypatch.setenv("ASSISTANT_VAR_DIR", str(settings.var_dir))
    monkeypatch.setenv("ASSISTANT_FIXED_NOW", NOW.isoformat())
    monkeypatch.setenv("COLUMNS", "120")
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def run(*arguments: str, given: str | None = None) -> Any:
    return CliRunner(mix_stderr=False).invoke(app, list(arguments), input=given)


def test_orders_are_imported_from_a_file(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "orders.jsonl"
    file.write_text(json.dumps(order()) + "\n\n", encoding="utf-8")
    assert run("orders", "import", str(file)).stdout == "1 orders loaded, 0 unchanged.\n"
    assert run("orders", "import", str(file)).stdout == "0 orders loaded, 1 unchanged.\n"
    assert verified(desk)


def test_orders_are_imported_from_standard_input(desk: Desk) -> None:
    title = "Line separators \u2028 are fine"
    line = json.dumps(order(seller=title), ensure_ascii=False)
    assert run("orders", "import", "-", given=line).exit_code == 0
    assert not desk.is_empty()


def test_a_bad_file_is_told_line_by_line_and_ends_with_2(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "orders.jsonl"
    file.write_text(json.dumps(order()) + "\n" + json.dumps(order(currency="euro")))
    result = run("orders", "import", str(file))
    assert result.exit_code == 2
    assert result.stderr == "line 2, currency: isn't an ISO 4217 code\nNothing was loaded.\n"
    assert desk.is_empty()


def test_a_long_list_of_problems_is_cut(tmp_path: Path) -> None:
    file = tmp_path / "orders.jsonl"
    file.write_text("x\n" * 60)
    lines = run("orders", "import", str(file)).stderr.splitlines()
    assert lines[-2:] == ["and 10 more", "Nothing was loaded."]


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cant_be_read_is_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "orders.jsonl"
    if content:
        file.write_bytes(content)
    result = run("orders", "import", str(file))
    assert result.exit_code == 2
    assert "can't be read" in result.stderr
    assert "Traceback" not in result.stderr


def test_demo_orders_are_loaded_only_into_an_empty_desk(desk: Desk) -> None:
    count = len((ROOT / "bot/desk/demo/orders.jsonl").read_text("utf-8").splitlines())
    assert run("orders", "demo").stdout == f"{count} demo orders loaded.\n"
    assert count >= 45
    assert run("orders", "demo").stdout == "There are orders already.\n"


def test_requests_are_listed_newest_first_in_a_table(desk: Desk) -> None:
    assert run("requests", "list").stdout == "No return requests yet.\n"
    bring(desk, order(), order(number="50010002"))
    first = desk.file(CHAT, filing(verified(desk)[0], "a"))
    second = desk.file(CHAT, filing(verified(desk, "50010002")[0], "b", "50010002"))
    table = run("requests", "list").stdout
    assert table.index(second.number) < table.index(first.number)
    assert first.label.number in table
    assert "€54.90" in table
    assert first.number not in run("requests", "list", "--limit", "1").stdout


def test_the_table_is_readable_on_80_columns(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    bring(desk, order(items=items(2, price_cents=123456)))
    free, damaged = verified(desk)
    returned = desk.file(CHAT, filing(free, "a"))
    wanted = (FilingItem(damaged, 1, Reason.ARRIVED_DAMAGED, AS_NEW),)
    claim = filing(damaged, "b", items=wanted, route=RouteId.BUYER_PROTECTION, evidence=("photo",))
    claimed = desk.file(CHAT, claim)
    table = run("requests", "list").stdout
    assert max(map(len, table.splitlines())) <= 80
    words = ["50010001", "2026-11-23", "submitted", "€1,234.56"]
    assert [word for word in table.split() if word in words] == words * 2
    names = {returned.number, returned.label.number, claimed.number, "protection", "return"}
    assert names <= set(table.split())


@pytest.mark.parametrize("columns", ["40", "80"])
def test_a_long_order_number_is_never_cut(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    long = "S" * 32
    bring(desk, order(number=long))
    request = desk.file(CHAT, filing(verified(desk, long)[0], number=long))
    first = run("requests", "list").stdout.splitlines()[1].split()
    assert first[:3] == [request.number, long, "2026-11-23"]
    assert request.label.number in first


def test_requests_are_listed_as_json(desk: Desk) -> None:
    bring(desk, order())
    request = desk.file(CHAT, filing(verified(desk)[0]))
    (found,) = json.loads(run("requests", "list", "--json").stdout)
    assert found["number"] == request.number
    assert found["route"] == "free_return"
    assert "decision" not in found


def test_a_request_is_shown_with_its_reasons(desk: Desk) -> None:
    bring(desk, order())
    request = desk.file(CHAT, filing(verified(desk)[0], evidence=("[bold]https://x[/bold]",)))
    shown = run("requests", "show", request.number.lower()).stdout
    assert request.number in shown
    assert "F1: " in shown
    assert "3 December 2026, 15 days after you received it" in shown
    assert "[bold]https://x[/bold]" in shown


def test_a_request_is_shown_as_json_with_its_decision(desk: Desk) -> None:
    bring(desk, order())
    request = desk.file(CHAT, filing(verified(desk)[0]))
    found = json.loads(run("requests", "show", request.number, "--json").stdout)
    assert found["decision"]["items"][0]["decision"]["best"] == "free_return"
    assert found["filed_at"] == "2026-11-23T10:00:00+00:00"


def test_a_request_is_advanced_and_an_illegal_step_is_one_sentence(desk: Desk) -> None:
    bring(desk, order())
    number = desk.file(CHAT, filing(verified(desk)[0])).number
    assert run("requests", "advance", number, "Received").stdout == f"{number} is received.\n"
    illegal = run("requests", "advance", number, "withdrawn")
    assert illegal.exit_code == 2
    assert illegal.stderr == f"{number} is received; it can't become withdrawn.\n"
    unknown = run("requests", "advance", "R-00000000", "received")
    assert (unknown.exit_code, unknown.stderr) == (2, "There is no return request R-00000000.\n")
    nonsense = run("requests", "advance", number, "eaten")
    assert nonsense.exit_code == 2
    assert nonsense.stderr.startswith("'eaten' isn't one of submitted, received,")


def test_an_unknown_request_is_one_sentence() -> None:
    result = run("requests", "show", "R-00000000")
    assert (result.exit_code, result.stderr) == (2, "There is no return request R-00000000.\n")


def test_the_database_is_migrated_and_a_desk_without_one_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_VAR_DIR", str(tmp_path / "new"))
    get_settings.cache_clear()
    missing = run("requests", "list")
    assert missing.exit_code == 1
    assert "database can't be used" in missing.stderr
    assert run("database", "migrate").stdout == "The database is up to date.\n"
    assert run("requests", "list").stdout == "No return requests yet.\n"


def test_withdrawals_are_listed_and_shown_with_statement_and_pdf(
    desk: Desk, tmp_path: Path
) -> None:
    assert run("withdrawals", "list").stdout == "No withdrawals yet.\n"
    bring(desk, order())
    done = desk.withdraw(CHAT, Withdrawing("50010001", tuple(verified(desk))), "key")
    line = f"{done.number}  50010001  {NOW.isoformat()}  in_time  {done.request_number}\n"
    assert run("withdrawals", "list").stdout == line
    shown = run("withdrawals", "show", done.number.lower(), "--pdf", str(tmp_path / "w.pdf"))
    assert done.statement in shown.stdout
    assert (tmp_path / "w.pdf").read_bytes() == desk.document(done.number).content
    as_json = json.loads(run("withdrawals", "show", done.number, "--json").stdout)
    assert as_json["decision"]["verdicts"]
    assert "decision" not in json.loads(run("withdrawals", "list", "--json").stdout)[0]
    assert run("withdrawals", "show", "W-NOTHING1").exit_code == 2


def test_tickets_are_listed_shown_and_answered_once(desk: Desk) -> None:
    assert run("hand-offs", "list").stdout == "No tickets yet.\n"
    ticket = desk.hand_off(CHAT, "a late refund", "Order known", (), "key").ticket
    assert "0 answers  a late refund" in run("hand-offs", "list").stdout
    for _ in range(2):
        told = run("hand-offs", "answer", ticket, "It is on its way.", "--name", "Maria")
        assert (told.exit_code, told.stdout) == (
            0,
            f"{ticket} is answered. The buyer gets it in the chat, if it is still open.\n",
        )
    assert [one.text for one in desk.ticket(ticket).answers] == ["It is on its way."]
    assert "answered by Maria" in run("hand-offs", "show", ticket).stdout
    assert run("hand-offs", "list", "--open").stdout == "No tickets wait for an answer.\n"
    assert json.loads(run("hand-offs", "list", "--json").stdout)[0]["ticket"] == ticket


def test_an_answer_to_no_ticket_or_without_words_is_refused(desk: Desk) -> None:
    unknown = run("hand-offs", "answer", "H-ZZZZZZZZ", "Hello")
    assert (unknown.exit_code, unknown.stderr) == (2, "There is no ticket H-ZZZZZZZZ.\n")
    ticket = desk.hand_off(CHAT, "help", "", (), "key").ticket
    empty = run("hand-offs", "answer", ticket, " ")
    assert (empty.exit_code, empty.stderr) == (2, "The answer is empty.\n")


def test_help_lists_every_command() -> None:
    told = run("--help")
    assert told.exit_code == 0
    for name in ("hand-offs", "orders", "requests", "outbox"):
        assert name in told.stdout
