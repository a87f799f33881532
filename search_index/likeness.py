"""Which documents are like one: they share its rarer words, its subject and its grades."""

from collections.abc import Iterator

from search_index import analysis
from search_index.analysis import Literal, fold
from search_index.base import IndexDocument, Sort
from search_index.copies import Finder, Question
from search_index.dictionary import word_terms
from search_index.tree import All, Best, Code, Node, Occurs, Some, Words

MOST_WORDS = 24
"""Words of a document that stand for it: of its title, keywords and unit, then its summary."""

SAME_SUBJECT, SAME_GRADE, SAME_KIND = 3.0, 2.0, 0.5
"""What a document gains beside its words."""

_SHORTEST_WORD = 2


def more_like(
    finder: Finder, resource_id: int, seen_by: frozenset[str], *, limit: int
) -> tuple[int, ...]:
    """Give the ids of documents like this one, the nearest first."""
    document = next(iter(finder.documents((resource_id,))), None)
    if document is None or not document.visible_to & seen_by:
        return ()
    words = list(dict.fromkeys(_words(document)))[:MOST_WORDS]
    if not words:
        return ()
    tree = Words((Some(tuple(words), 1),), document.title, lifts=tuple(_lifts(document)))
    question = Question(tree, seen_by, {}, Sort.RELEVANCE, 0, limit + 1, ())
    ids = [found.resource_id for _, found in finder.find(question).hits]
    return tuple(found for found in ids if found != resource_id)[:limit]


def _words(document: IndexDocument) -> Iterator[Node]:
    texts = (document.title, *document.keywords, document.unit, document.summary)
    for text in texts:
        for word in word_terms(analysis.runs(fold(text))):
            if len(word) >= _SHORTEST_WORD:
                in_words = Occurs(Literal(word, (word,)), "words")
                in_title = All((in_words, Occurs(analysis.literal(word), "title")))
                yield Best(((in_words, 1.0), (in_title, 1.5)))


def _lifts(document: IndexDocument) -> Iterator[tuple[Node, float]]:
    if document.subject:
        yield Code("subject", document.subject, ""), SAME_SUBJECT
    for grade in document.grades:
        yield Code("grade", grade, ""), SAME_GRADE / len(document.grades)
    if document.kind:
        yield Code("kind", document.kind, ""), SAME_KIND
