"""The names that people give to fields and codes; the application brings them as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from search_index.analysis import fold
from search_index.fields import ANYWHERE, CODES, DAY, TEXT_FIELDS
from search_index.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Field names (学科 -> subject) and, by field, labels (数学 -> math); folded when compared.

    The labels of a field that has an order (grades) are given in that order. ``groups`` are labels
    that stand for several codes at once (图片 -> jpg, png), and win over a code of the same name.

    The index's own field names and the codes themselves are always understood. A name for a field
    that does not exist raises ``ValueError``.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    _fields: dict[str, str] = field(init=False, repr=False)
    _codes: dict[tuple[str, str], str] = field(init=False, repr=False)
    _groups: dict[tuple[str, str], tuple[str, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        own = {name: name for name in (*TEXT_FIELDS, *CODES, DAY, ANYWHERE)}
        unknown = sorted({*self.fields.values(), *self.codes, *self.groups} - own.keys())
        if unknown:
            raise ValueError(f"The index has no field {', '.join(unknown)}.")
        names = {fold(name): target for name, target in self.fields.items()}
        codes: dict[tuple[str, str], str] = {}
        for target, labels in self.codes.items():
            codes |= {(target, fold(code)): code for code in labels.values()}
            codes |= {(target, fold(label)): code for label, code in labels.items()}
        groups = {
            (target, fold(label)): several
            for target, labels in self.groups.items()
            for label, several in labels.items()
        }
        object.__setattr__(self, "_groups", groups)
        object.__setattr__(self, "_fields", {**own, **names})
        object.__setattr__(self, "_codes", codes)

    def field_named(self, name: str) -> str | None:
        """Say which field of the index ``name`` means, in any script and case."""
        return self._fields.get(fold(name))

    def code_of(self, target: str, label: str) -> str | None:
        """Say which code of the field ``target`` a person means by ``label``."""
        return self._codes.get((target, fold(label.strip())))

    def codes_of(self, target: str, label: str) -> tuple[str, ...]:
        """Give the codes of the field ``target`` that a person means by ``label``, if any."""
        several = self._groups.get((target, fold(label.strip())))
        code = self.code_of(target, label)
        return several or ((code,) if code else ())

    def codes_between(
        self, target: str, first: str, last: str, without: tuple[bool, bool] = (False, False)
    ) -> tuple[str, ...] | None:
        """Give the codes from the label ``first`` to ``last``, in order; None if one is unknown.

        An end that is "" is open, if the other is not. ``without`` says of each whether it is left
        out itself.
        """
        order = list(dict.fromkeys(self.codes.get(target, {}).values()))
        ends = [self.code_of(target, label) for label in (first, last) if label]
        if not ends or not all(end in order for end in ends):
            return None
        begin = order.index(ends[0] or "") if first else 0
        finish = order.index(ends[-1] or "") if last else len(order) - 1
        if begin > finish:
            begin, finish, without = finish, begin, (without[1], without[0])
        return tuple(order[begin + without[0] : finish + 1 - without[1]])

    def lexicon(self, own_words: Lexicon) -> Lexicon:
        """Give ``own_words`` and every label, so that a query is cut at the words of lists."""
        labels = {label for labels in self.codes.values() for label in labels if len(label) > 1}
        return Lexicon(own_words.words | labels, own_words.synonyms)
