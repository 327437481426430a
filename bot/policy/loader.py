"""Loads the clause files, and refuses what it doesn't understand with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from pydantic import BaseModel, ValidationError

from bot.policy.clause import Act, Clause, Parameter
from bot.policy.clauses_by_day import Clauses
from bot.policy.decision import PaidBy, RouteId, Status
from bot.policy.facts import Reason, Trait
from bot.policy.paths import FACT_PATHS
from bot.policy.schema import (
    WEEKDAYS,
    ActFile,
    ClauseFile,
    ClauseForm,
    LawClauseForm,
    ParameterForm,
    TextsFile,
    placeholders,
)
from bot.policy.sentences import RULE, SENTENCES, SPOKEN_BY_PARAMETER, TOLD
from bot.policy.texts import Category, EarlierPeriod, NationalPeriod, ReasonText, RouteText, Texts
from bot.policy.yaml_lines import Document, Place, read_document

CLAUSES_DIR = Path(__file__).parent / "clauses"
TEXTS_FILE = "routes.yml"
ACTS_DIR = "acts"

HEADINGS = {
    "asked_on", "last_day", "opens_on", "return_paid_by", "remedy", "evidence", "missing",
    "would_change", "clauses", "notes", "flags", "next_question", "tells",
}  # fmt: skip


NO_REMARKS = {"url": "", "reading": "", "also": "", "checked": ""}


class BadClauses(ValueError):
    """Clause data that can't be used.

    Attributes:
        problems: one line each, as "file:line: problem".
    """

    def __init__(self, problems: list[str]) -> None:
        """Keeps the problems.

        Args:
            problems: one line each.
        """
        super().__init__("\n".join(problems))
        self.problems = problems


@lru_cache(maxsize=4)
def load_clauses(folder: Path = CLAUSES_DIR) -> Clauses:
    """Reads every clause file of a folder; the result is kept.

    Args:
        folder: where the `*.yml` files of the page are; those of law are in its `acts`.

    Returns:
        All clauses.

    Raises:
        BadClauses: with file and line of each problem.
    """
    return _Loading().load(folder)


class _Loading:
    def __init__(self) -> None:
        self.problems: list[str] = []

    def load(self, folder: Path) -> Clauses:
        clauses: list[Clause] = []
        texts: Texts | None = None
        paths = [*sorted(folder.glob("*.yml")), *sorted(folder.glob(f"{ACTS_DIR}/*.yml"))]
        for path in paths:
            document = read_document(path, path.relative_to(folder).as_posix())
            self.problems += [f"{document.name}:{line}: {p}" for line, p in document.problems]
            if document.problems:
                continue
            if path.name == TEXTS_FILE:
                texts = self._texts(document)
            elif path.parent == folder:
                clauses += self._clauses(document)
            else:
                clauses += self._law(document)
        if not self.problems:
            self._complete(folder, clauses, texts)
        if self.problems or texts is None:
            raise BadClauses(self.problems)
        page = sorted((c for c in clauses if not c.is_law), key=_page_order)
        law = [c for c in clauses if c.is_law]
        return Clauses((*page, *law), texts)

    def _refuse(self, document: Document, place: Place, problem: str) -> None:
        self.problems.append(f"{document.name}:{document.line(place)}: {problem}")

    def _parse(self, form: type[BaseModel], document: Document) -> Any:
        try:
            return form.parse_obj(document.content)
        except ValidationError as error:
            for problem in error.errors():
                place = problem["loc"]
                named = _dotted(_by_id(document, place))
                self._refuse(
                    document, place, f"{named}: {problem['msg']}" if named else problem["msg"]
                )
            return None

    def _clauses(self, document: Document) -> Iterable[Clause]:
        form = self._parse(ClauseFile, document)
        for index, clause in enumerate(form.clauses if form else ()):
            self._check_sentences(document, ("clauses", index, "says"), clause)
            line = document.line(("clauses", index))
            yield _clause(clause, f"{document.name}:{line}")

    def _law(self, document: Document) -> Iterable[Clause]:
        form = self._parse(ActFile, document)
        for index, clause in enumerate(form.clauses if form else ()):
            self._check_sentences(document, ("clauses", index, "says"), clause)
            line = document.line(("clauses", index))
            yield _law_clause(clause, Act(**form.act.dict()), f"{document.name}:{line}")

    def _check_sentences(
        self, document: Document, place: Place, clause: ClauseForm | LawClauseForm
    ) -> None:
        known = {RULE: frozenset[str](), **SENTENCES.get(clause.id, {})}
        if clause.id in SPOKEN_BY_PARAMETER:
            known |= {n: frozenset[str]() for n in clause.parameters}
        known |= {code: frozenset[str]() for code in clause.says if code.startswith(TOLD)}
        for code in known.keys() - clause.says.keys():
            self._refuse(document, place, f"{clause.id}.says: lacks {code!r}")
        for code, template in clause.says.items():
            where = f"{clause.id}.says.{code}"
            if code not in known:
                self._refuse(document, (*place, code), f"{where}: no rule says this")
                continue
            allowed = known[code] | clause.parameters.keys()
            problem = _placeholder_problem(template, allowed)
            if problem:
                self._refuse(document, (*place, code), f"{where}: {problem}")

    def _texts(self, document: Document) -> Texts | None:
        form = self._parse(TextsFile, document)
        if form is None:
            return None
        for key, wanted in _wanted_keys().items():
            found = set(getattr(form, key))
            for name in sorted(wanted - found):
                self._refuse(document, (key,), f"{key}: lacks {name!r}")
            for name in sorted(found - wanted):
                self._refuse(document, (key, name), f"{key}.{name}: unknown")
        for name, route in form.routes.items():
            if route.remedy not in form.remedies:
                place = ("routes", name, "remedy")
                self._refuse(document, place, f"{_dotted(place)}: not among the remedies")
        for name, reason in form.reasons.items():
            if not set(reason.evidence) <= set(form.evidence):
                place = ("reasons", name, "evidence")
                self._refuse(document, place, f"{_dotted(place)}: not among the evidence")
        problem = _placeholder_problem(form.not_in_force, {"placed_on"})
        if problem:
            self._refuse(document, ("not_in_force",), f"not_in_force: {problem}")
        try:
            Locale.parse(form.locale)
        except (UnknownLocaleError, ValueError):
            self._refuse(document, ("locale",), f"locale: unknown locale {form.locale!r}")
        return None if self.problems else _texts(form)

    def _complete(self, folder: Path, clauses: list[Clause], texts: Texts | None) -> None:
        if texts is None:
            self.problems.append(f"{folder.name}:1: lacks {TEXTS_FILE}")
        latest: dict[str, Clause] = {}
        for clause in sorted(clauses, key=lambda c: (c.valid_from, c.source)):
            before = latest.get(clause.id)
            if before and (before.valid_to is None or clause.valid_from <= before.valid_to):
                self.problems.append(
                    f"{clause.source}: duplicate id {clause.id}, still in force at {before.source}"
                )
            latest[clause.id] = clause
        rests_on = {
            id_ for route in (texts.routes.values() if texts else ()) for id_ in route.rests_on
        }
        for id_ in sorted((SENTENCES.keys() | rests_on) - latest.keys()):
            self.problems.append(f"{folder.name}:1: no clause {id_}")
        for route in texts.routes.values() if texts else ():
            for told in (t for tells in route.tells.values() for t in tells):
                id_, code = split_told(told)
                versions = [c for c in clauses if c.id == id_]
                if not versions or not all(code in c.says for c in versions):
                    self.problems.append(
                        f"{TEXTS_FILE}:1: routes tell {told}, which no clause says"
                    )


def split_told(told: str) -> tuple[str, str]:
    """Clause id and code of a sentence named as "clause.code"."""
    id_, _, code = told.rpartition(".")
    return id_, code


def _page_order(clause: Clause) -> tuple[int, list[int], date]:
    number = [int(part) for part in clause.id[1:].split(".")]
    return ("PXHFS".find(clause.id[0]), number, clause.valid_from)


def _placeholder_problem(template: str, allowed: Iterable[str]) -> str | None:
    try:
        unknown = placeholders(template) - set(allowed)
    except ValueError as error:
        return f"bad braces ({error})"
    return f"unknown placeholder {{{', '.join(sorted(unknown))}}}" if unknown else None


def _dotted(place: Place) -> str:
    return ".".join(map(str, place))


def _by_id(document: Document, place: Place) -> Place:
    """A place with the clause's id for its number, where it has one."""
    try:
        return (str(document.content["clauses"][place[1]]["id"]), *place[2:])
    except (KeyError, IndexError, TypeError):
        return () if place == ("__root__",) else place


def _wanted_keys() -> Mapping[str, set[str]]:
    return {
        "routes": {r.value for r in RouteId},
        "reasons": {r.value for r in Reason},
        "statuses": {s.value for s in Status},
        "paid_by": {p.value for p in PaidBy},
        "facts": set(FACT_PATHS),
        "headings": HEADINGS,
    }


def _clause(form: ClauseForm, source: str) -> Clause:
    return Clause(
        id=form.id,
        title=form.title,
        section=form.section,
        quote=form.quote,
        reading=form.reading,
        valid_from=form.valid_from,
        valid_to=form.valid_to,
        parameters={name: _parameter(p) for name, p in form.parameters.items()},
        says=form.says,
        source=source,
    )


def _law_clause(form: LawClauseForm, act: Act, source: str) -> Clause:
    return Clause(
        id=form.id,
        title=form.title,
        section=f"{act.name}, {form.article}",
        quote=form.quote or "",
        reading=form.reading,
        valid_from=form.valid_from,
        valid_to=form.valid_to,
        parameters={name: _parameter(p) for name, p in form.parameters.items()},
        says=form.says,
        source=source,
        act=act,
        article=form.article,
    )


def _parameter(form: ParameterForm) -> Parameter:
    return Parameter(form.unit, {day: _value(form.unit, v) for day, v in form.values.items()})


def _value(unit: str, value: Any) -> Any:
    if unit == "traits":
        return tuple(Trait(v) for v in value)
    if unit == "categories":
        return {
            id_: Category(c["name"], frozenset(map(Trait, c["traits"])), c["durable"])
            for id_, c in value.items()
        }
    if unit == "weekdays":
        return tuple(map(WEEKDAYS.index, value))
    if unit == "national_periods":
        return {code: _national_period(row) for code, row in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _national_period(row: dict[str, Any]) -> NationalPeriod:
    before = row.get("before")
    earlier = {"before": EarlierPeriod(**before) if before else None}
    return NationalPeriod(**{**NO_REMARKS, **row, **earlier})


def _texts(form: TextsFile) -> Texts:
    words = {key: getattr(form, key) for key in Texts.__dataclass_fields__}
    words["routes"] = {RouteId(k): RouteText(**v.dict()) for k, v in form.routes.items()}
    words["reasons"] = {Reason(k): ReasonText(**v.dict()) for k, v in form.reasons.items()}
    return Texts(**words)
