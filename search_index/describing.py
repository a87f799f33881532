"""How a query was read, in one line and in the words that were typed."""

from search_index.tree import All, Any, Code, Everything, Has, Node, Not, Range, Words


def is_plain(tree: Node) -> bool:
    """Say whether every word simply has to occur, so that there is nothing to tell."""
    parts = tree.parts if isinstance(tree, All) else (tree,)
    return all(
        isinstance(part, Everything)
        or (isinstance(part, Words) and part.field is None and not part.quoted)
        for part in parts
    )


def describe(tree: Node) -> str:
    """Say in one line how a query was read, in the words that were typed."""
    match tree:
        case Words(typed=typed) | Code(typed=typed) | Has(typed=typed) | Range(typed=typed):
            return typed
        case Not(part):
            return f"− {_bracketed(part)}"
        case Any(parts):
            return " / ".join(dict.fromkeys(map(_bracketed, parts)))
        case All(parts):
            line = " + ".join(_bracketed(part) for part in parts)
            return line.replace("+ − ", "− ")
        case _:
            return "*"


def _bracketed(tree: Node) -> str:
    several = isinstance(tree, All | Any) and len(set(map(describe, tree.parts))) > 1
    return f"({describe(tree)})" if several else describe(tree)
