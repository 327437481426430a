"""The help page and the support page, from templates, page.yml and the clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from ruamel.yaml import YAML

from bot.general_check import today_in
from bot.help_center.answers import NO_ANSWERS
from bot.help_center.assets import Assets
from bot.help_center.check_form import first_step
from bot.help_center.markup import anchor, cited, numbered
from bot.help_center.places import places
from bot.help_center.statements import Statement, statements
from bot.help_center.words import HelpCenterWords
from bot.policy.rulebook import Rulebook
from bot.settings import Settings
from bot.shop import shop_clauses

_FOLDER = Path(__file__).parent
_EXAMPLES = 8


@dataclass(frozen=True)
class Group:
    """Statements that belong together.

    Attributes:
        title: a few words; empty where a section has only one group.
        steps: whether they are done one after the other.
        brief: whether their titles say enough until one is opened.
        statements: the clauses.
    """

    title: str
    steps: bool
    brief: bool
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Section:
    """A part of the help page, which answers a buyer's question.

    Attributes:
        id: its anchor.
        title: the question.
        lede: the answer in short.
        groups: what the clauses say.
    """

    id: str
    title: str
    lede: str
    groups: tuple[Group, ...]


class Pages:
    """Renders the pages."""

    def __init__(self, settings: Settings, words: HelpCenterWords, assets: Assets) -> None:
        """Reads page.yml.

        Args:
            settings: the settings.
            words: the sentences of the chat's client.
            assets: where style and script are.
        """
        self._settings = settings
        self._words = words
        # Made once a day: nothing on it is anybody's own.
        self._help_page = lru_cache(maxsize=1)(self._render_help_page)
        self._page = YAML(typ="safe").load((_FOLDER / "page.yml").read_text(encoding="utf-8"))
        self._templates = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(cited=cited, anchor=anchor, numbered=numbered)
        self._templates.globals.update(
            asset=assets.url, page=self._page, support_url=settings.support_url
        )

    def help_page(self) -> str:
        """The program explained by its clauses as they stand today, with the chat."""
        return self._help_page(today_in(None, self._settings))

    def _render_help_page(self, today: date) -> str:
        # The clauses are kept by their loader; read here, so that the chat starts sooner.
        rules = shop_clauses(self._settings).in_force(today)
        return self._templates.get_template("help.html").render(
            sections=self._sections(rules),
            check=first_step(rules, NO_ANSWERS, self._page["check"]),
            places=places(rules),
            examples=self._examples(),
        )

    def withdraw_page(self, step: str, **values: Any) -> str:
        """A step of withdrawing from a contract.

        Args:
            step: "order", "contracts", "statement", "received", "gone" or "trouble".
            **values: what fills its template.
        """
        template = self._templates.get_template(f"withdraw_{step}.html")
        return template.render(words=self.words_of("withdraw"), **values)

    def request_page(self, step: str, **values: Any) -> str:
        """A page about a return request.

        Args:
            step: "find", "choose", "shown", "withdraw" or "trouble".
            **values: what fills its template.
        """
        template = self._templates.get_template(f"request_{step}.html")
        return template.render(words=self.words_of("request"), **values)

    @property
    def too_many_guesses(self) -> str:
        """What is said when a network address has sent too many wrong pairs."""
        return str(self._page["too_many_guesses"])

    def words_of(self, section: str) -> dict[str, Any]:
        """A section's words, as page.yml has them."""
        found: dict[str, Any] = self._page[section]
        return found

    def check_page(self, step: str, **values: Any) -> str:
        """A step of "Can I return it?".

        Args:
            step: "first", "question" or "result".
            **values: what fills its template.
        """
        template = self._templates.get_template(f"check_{step}.html")
        return template.render(words=self.words_of("check"), **values)

    def rights_page(self, **values: Any) -> str:
        """Rights by law, of one country or to choose one.

        Args:
            **values: what fills its template.
        """
        template = self._templates.get_template("rights.html")
        return template.render(words=self.words_of("rights"), **values)

    def support_page(self) -> str:
        """How to reach a person outside the chat."""
        return self._templates.get_template("support.html").render()

    def _sections(self, rules: Rulebook) -> list[Section]:
        return [
            Section(
                id=section["id"],
                title=section["title"],
                lede=section["lede"],
                groups=tuple(_group(rules, group) for group in section["groups"]),
            )
            for section in with_all_clauses(self._page["sections"], self._program_ids(rules))
        ]

    def _program_ids(self, rules: Rulebook) -> list[str]:
        """The clauses of the program's page in force; laws have pages of their own."""
        clauses = shop_clauses(self._settings)
        laws = {version.id for version in clauses.versions if version.is_law}
        return [id_ for id_ in clauses.ids if rules.has(id_) and id_ not in laws]

    def _examples(self) -> list[Any]:
        if not self._settings.demo:
            return []
        from bot.desk.demo import examples

        return list(examples(_EXAMPLES))


def with_all_clauses(
    sections: Sequence[Mapping[str, Any]], clause_ids: Sequence[str]
) -> list[Mapping[str, Any]]:
    """The sections as page.yml has them, and in the last one whatever clause none of them names.

    Args:
        sections: of page.yml.
        clause_ids: all clauses that must stand on the page, so that an operator's new one does.
    """
    named = {id_ for section in sections for group in section["groups"] for id_ in group["clauses"]}
    left = [id_ for id_ in clause_ids if id_ not in named]
    *others, last = sections
    groups = [*last["groups"], *([{"clauses": left}] if left else [])]
    return [*others, {**last, "groups": groups}]


def _group(rules: Rulebook, written: Mapping[str, Any]) -> Group:
    """A group as page.yml has it; a clause that isn't in force is left out."""
    found = statements(rules, *written["clauses"])
    return Group(
        written.get("title", ""), bool(written.get("steps")), bool(written.get("brief")), found
    )
