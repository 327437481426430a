"""The help page and the support page, from templates, page.yml and the clauses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from ruamel.yaml import YAML

from bot.help_center.assets import Assets
from bot.help_center.markup import anchor, cited
from bot.help_center.words import HelpCenterWords
from bot.policy.loader import load_clauses
from bot.policy.sentences import RULE
from bot.settings import Settings

_FOLDER = Path(__file__).parent
_EXAMPLES = 8


@dataclass(frozen=True)
class Statement:
    """A clause as the page shows it.

    Attributes:
        id: clause id.
        title: what it is about.
        text: what it holds, in plain words.
        quote: the program page's exact words.
    """

    id: str
    title: str
    text: str
    quote: str


@dataclass(frozen=True)
class Section:
    """A part of the help page.

    Attributes:
        id: its anchor.
        title: its heading.
        lede: one sentence below it.
        statements: its clauses, in the order of the clause files.
    """

    id: str
    title: str
    lede: str
    statements: tuple[Statement, ...]


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
        self._page = YAML(typ="safe").load((_FOLDER / "page.yml").read_text(encoding="utf-8"))
        self._templates = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(cited=cited, anchor=anchor)
        self._templates.globals.update(
            asset=assets.url, page=self._page, support_url=settings.support_url
        )

    def help_page(self) -> str:
        """The program explained by its clauses as they stand today, with the chat."""
        return self._templates.get_template("help.html").render(
            sections=self._sections(), examples=self._examples()
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

    def support_page(self) -> str:
        """How to reach a person outside the chat."""
        return self._templates.get_template("support.html").render()

    def _sections(self) -> list[Section]:
        clauses = load_clauses()  # kept by the loader; here, so that the chat starts sooner
        rulebook = clauses.in_force(self._settings.clock().date())
        statements = []
        for id_ in filter(rulebook.has, clauses.ids):
            cited = rulebook.cite(id_)
            text = rulebook.say(id_, RULE).text
            statements.append(Statement(id_, cited.title, text, cited.quote))
        return [
            Section(
                id=section["id"],
                title=section["title"],
                lede=section["lede"],
                statements=tuple(s for s in statements if s.id.startswith(section["clauses"])),
            )
            for section in self._page["sections"]
        ]

    def _examples(self) -> list[Any]:
        if not self._settings.demo:
            return []
        from bot.desk.demo import examples

        return list(examples(_EXAMPLES))
