"""
Setting, adding and dropping a value in a YAML text, with the result read again and compared.
"""

from __future__ import annotations

from collections.abc import Mapping

from appi_assess.problems import Problem
from appi_assess.strict_yaml import Node, parse
from appi_assess.text import requirement_id

from .layout import at_the_end, below, into_flow, replaced, without
from .notation import block, flow, items, pair, scalar
from .places import Place, behind_key, braced, column, in_flow, last, span

Path = tuple[str | int, ...]
# An item of a list that is a plain text is short for a mapping with this key.
_SHORT = "file"


class NotEditable(ValueError):
    """
    A text cannot be changed as asked without touching something else; it stays as it is.

    Attributes:
        problems: Why the reader refuses the text, if it does.
    """

    def __init__(self, reason: str, problems: tuple[Problem, ...] = ()) -> None:
        self.problems = problems
        super().__init__(reason)


def put(text: str, path: Path, value: str) -> str:
    r"""
    Set one value.

    Args:
        text: The text of the file.
        path: Keys, matched without regard to width and case, and numbers of items from 0.
        value: The new value; an empty one leaves the key with a blank value.

    Returns:
        The changed text; the same text if the value is there already, or blank and absent.

    Raises:
        NotEditable: If the path leads to something else than a value, or no change would be safe.

    Examples:
        >>> put("A17-1:\n  answer: no  # asked Ms Sato\n", ("A17-1", "answer"), "yes")
        'A17-1:\n  answer: yes  # asked Ms Sato\n'
    """
    text, mark = _without_mark(text)
    places, missing = _find(_tree(text), path)
    node = places[-1].node
    if missing:
        return mark + (_grown(text, places, missing, value) if value else text)
    if value == ("" if node.blank and not node.quoted else node.value):
        return mark + text
    if node.value and not isinstance(node.value, str):
        raise NotEditable("several values stand here")
    return mark + _checked(replaced(text, places[-1], scalar(value)), places, _tree_of(value))


def add(text: str, path: Path, item: Mapping[str, str]) -> str:
    r"""
    Add a mapping to the end of a list; a list that is blank or missing is begun.

    Args:
        text: The text of the file.
        path: Leads to the list.
        item: The fields of the new item; blank ones are left out.

    Raises:
        NotEditable: If the path leads to something else than a list, or no change would be safe.

    Examples:
        >>> add("A17-1:\n  evidence:\n", ("A17-1", "evidence"), {"file": "rules.pdf"})
        'A17-1:\n  evidence:\n    - {file: rules.pdf}\n'
    """
    text, mark = _without_mark(text)
    places, missing = _find(_tree(text), path)
    place, node = places[-1], places[-1].node
    item = {key: value for key, value in item.items() if value}
    if missing:
        return mark + _grown(text, places, missing, [item])
    if isinstance(node.value, list) and braced(text, node):
        changed = into_flow(text, node, flow(item))
    elif isinstance(node.value, list):
        end, indent = span(text, place)[1], column(text, last(node))
        changed = below(text, end, _item_lines(text, node, item, indent), indent)
    elif node.value and not node.blank:
        raise NotEditable("something else than a list stands here")
    else:
        changed = _filled(text, place, flow([item]), items([item], column(text, place) + 2))
    before = node.value if isinstance(node.value, list) else []
    return mark + _checked(changed, places, Node([*before, _tree_of(item)], 0))


def drop(text: str, path: Path) -> str:
    r"""
    Remove an item of a list, or a key with its value; the comments in it and behind it stay.

    Args:
        text: The text of the file.
        path: Leads to what goes.

    Raises:
        NotEditable: If nothing stands there, or no change would be safe.

    Examples:
        >>> drop("evidence:\n- {file: a.pdf}\n- b.pdf\n", ("evidence", 1))
        'evidence:\n- {file: a.pdf}\n'
    """
    text, mark = _without_mark(text)
    places, missing = _find(_tree(text), path)
    place = places[-1]
    if missing or place.parent is None:
        raise NotEditable("nothing stands here")
    left = _parts(place.parent)
    del left[place.step]
    # Without its last entry a block is a blank value; braces and brackets stay.
    rest = _like(place.parent, left) if left or in_flow(text, place) else Node("", 0)
    return mark + _checked(without(text, place), places[:-1], rest)


def _without_mark(text: str) -> tuple[str, str]:
    """
    The text without a byte order mark, and the mark, which the parser does not count.
    """
    return (text[1:], text[0]) if text.startswith("\ufeff") else (text, "")


def _tree(text: str) -> Node:
    """
    What the reader reads; a text without any value is one blank value.
    """
    problems: list[Problem] = []
    root = parse(text, "", problems)
    if refused := tuple(p for p in problems if p.level == "error" and p.code != "yaml_empty"):
        raise NotEditable("the text cannot be read", refused)
    return root or Node("", 0)


def _find(root: Node, path: Path) -> tuple[list[Place], Path]:
    """
    The places along a path as far as it leads, and the steps that lead to nothing yet.
    """
    places = [Place(root)]
    for number, step in enumerate(path):
        node = places[-1].node
        if number == len(path) - 1 and _is_short(places[-1]) and _same_key(step, _SHORT):
            return places, ()
        found = _step(node, step)
        if found is None:
            if any(isinstance(s, int) for s in path[number:]) or (
                isinstance(node.value, list) and node.value
            ):
                raise NotEditable("the path leads to nothing")
            return places, path[number:]
        places.append(Place(_parts(node)[found], node, found))
    return places, ()


def _step(node: Node, step: str | int) -> str | int | None:
    """
    The number, or the key as written that the reader takes for ``step``.
    """
    if isinstance(step, int):
        return step if isinstance(node.value, list) and 0 <= step < len(node.value) else None
    found = [key for key in node.keys if _same_key(key, step)]
    if len(found) > 1:
        raise NotEditable("the key stands here twice")
    return found[0] if found else None


def _grown(text: str, places: list[Place], missing: Path, value: object) -> str:
    """
    The text with keys that are missing at the last place, and their value.
    """
    place, node = places[-1], places[-1].node
    for step in reversed(missing[1:]):
        value = {str(step): value}
    key = str(missing[0])
    if isinstance(node.value, str) and not node.blank:
        short = _lengthened(place, key, value)
        return _checked(replaced(text, place, flow(short)), places, _tree_of(short))
    if not node.value or node.blank:
        changed = _begun(text, place, {key: value})
    elif braced(text, node):
        changed = into_flow(text, node, pair(key, flow(value)))
    else:
        indent = column(text, last(node))
        lines = block({key: value}, indent)
        own = place.parent is None and isinstance(value, Mapping)
        changed = at_the_end(text, lines) if own else below(text, span(text, place)[1], lines, indent)
    parts = _parts(node) if isinstance(node.value, dict) else {}
    return _checked(changed, places, Node({**parts, key: _tree_of(value)}, 0))  # type: ignore[dict-item]


def _begun(text: str, place: Place, value: Mapping[str, object]) -> str:
    """
    The text with a mapping where nothing stands yet.
    """
    if place.parent is None:
        return at_the_end(_blanked(text, place), block(value, 0))
    if isinstance(place.node.value, dict):
        return into_flow(text, place.node, flow(value)[1:-1])
    return _filled(text, place, flow(value), block(value, column(text, place) + 2))


def _filled(text: str, place: Place, inline: str, lines: list[str]) -> str:
    """
    The text with a mapping or list in a blank place: below its key, or on its line where it must.
    """
    if place.key is None or in_flow(text, place):
        return replaced(text, place, inline)
    return below(_blanked(text, place), behind_key(text, place.key), lines)


def _blanked(text: str, place: Place) -> str:
    return replaced(text, place, "") if place.node.start < place.node.end else text


def _lengthened(place: Place, key: str, value: object) -> dict[str, object]:
    """
    What an item that is a plain text becomes when another of its fields is set.
    """
    if not _is_short(place) or not isinstance(value, str):
        raise NotEditable("a single value stands here")
    return {_SHORT: place.node.value, key: value}


def _is_short(place: Place) -> bool:
    """
    Whether an item of a list is a plain text.
    """
    listed = place.parent is not None and isinstance(place.parent.value, list)
    return listed and isinstance(place.node.value, str) and not place.node.blank


def _same_key(key: str | int, name: str) -> bool:
    """
    Whether the reader takes a key for ``name``.
    """
    return requirement_id(str(key)) == requirement_id(name)


def _item_lines(text: str, node: Node, item: Mapping[str, str], indent: int) -> list[str]:
    """
    A new item as lines, laid out as the last one of its list.
    """
    before = last(node).node
    if not item or not isinstance(before.value, dict) or braced(text, before):
        return items([item], indent)
    first, *others = block(item, indent + 2)
    return [" " * indent + "- " + first.lstrip(), *others]


def _parts(node: Node) -> dict[str | int, Node]:
    """
    What a mapping or list holds, by key or number.
    """
    if isinstance(node.value, dict):
        return dict(node.value.items())
    return dict(enumerate(node.value)) if isinstance(node.value, list) else {}


def _like(node: Node, parts: Mapping[str | int, Node]) -> Node:
    """
    A mapping or list, as ``node`` is one, of these parts.
    """
    if isinstance(node.value, list):
        return Node(list(parts.values()), 0)
    return Node({str(key): part for key, part in parts.items()}, 0)


def _tree_of(value: object) -> Node:
    """
    What a value that is written here has to be when it is read.
    """
    if isinstance(value, Mapping):
        return Node({key: _tree_of(part) for key, part in value.items()}, 0)
    if isinstance(value, list):
        return Node([_tree_of(part) for part in value], 0)
    return Node(str(value), 0, quoted=scalar(value).startswith('"'))


def _checked(text: str, places: list[Place], expected: Node) -> str:
    """
    A changed text, once it reads as the old one with ``expected`` in the last of the places.
    """
    for place in places[:0:-1]:
        if place.parent is not None:
            expected = _like(place.parent, {**_parts(place.parent), place.step: expected})
    if not _same(_tree(text), expected):
        raise NotEditable("the change would touch something else")
    return text


def _same(one: Node, other: Node) -> bool:
    """
    Whether two trees hold the same in the same order, and the same things in quotes.
    """
    a, b = one.value, other.value
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    return a == b and one.quoted == other.quoted
