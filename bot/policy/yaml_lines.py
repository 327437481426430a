"""Reads YAML with the line of every value, so that a refusal can say where to look."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Place = tuple[Any, ...]


@dataclass
class Document:
    """A file's content.

    Attributes:
        name: the file's name.
        content: plain dicts, lists and scalars; None when it couldn't be read.
        lines: line (from 1) by path of keys and indexes.
        problems: what YAML itself refuses, as (line, problem).
    """

    name: str
    content: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """The line of the nearest part of a path that the file has."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_document(path: Path, name: str = "") -> Document:
    """Reads one file.

    Args:
        path: a UTF-8 YAML 1.2 file ("no" is a word there, 090 a number).
        name: what to call it; its own name when left out.

    Returns:
        Its content with lines, and problems instead of exceptions.
    """
    document = Document(name or path.name)
    yaml = YAML(typ="safe")
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.problems.append((mark.line + 1 if mark else 1, f"not YAML: {error.problem}"))
        return document
    except UnicodeDecodeError:
        document.problems.append((1, "not UTF-8 text"))
        return document
    if node is not None:
        document.content = _Reader(yaml, document).read(node, ())
    return document


class _Reader:
    def __init__(self, yaml: YAML, document: Document) -> None:
        self._yaml = yaml
        self._document = document

    def read(self, node: Node, place: Place) -> Any:
        self._document.lines[place] = node.start_mark.line + 1
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self.read(child, (*place, i)) for i, child in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: MappingNode, place: Place) -> dict[Any, Any]:
        content: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self._document.problems.append((line, "a key must be one word or date"))
                continue
            key = self._scalar(key_node)
            if key in content:
                self._document.problems.append((line, f"{key}: stands here twice"))
            inside = (*place, key)
            content[key] = self.read(value_node, inside)
            self._document.lines[inside] = line
        return content

    def _scalar(self, node: Node) -> Any:
        try:
            return self._yaml.constructor.construct_object(node, deep=True)
        except (ValueError, MarkedYAMLError) as error:
            kind = node.tag.rsplit(":", 1)[-1].replace("timestamp", "date")
            problem = f"{node.value}: not a {kind} ({error})"
            self._document.problems.append((node.start_mark.line + 1, problem))
            return None
