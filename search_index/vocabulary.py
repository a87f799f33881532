"""The names that people give to fields and codes; the application brings them as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from search_index.analysis import fold
from search_index.fields import CODES, TEXT_FIELDS


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Field names (学科 -> subject) and, by field, labels (数学 -> math); folded when compared.

    The index's own field names and the codes themselves are always understood. A name for a field
    that does not exist raises ``ValueError``.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _fields: dict[str, str] = field(init=False, repr=False)
    _codes: dict[tuple[str, str], str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        own = {name: name for name in (*TEXT_FIELDS, *CODES)}
        unknown = sorted({*self.fields.values(), *self.codes} - own.keys())
        if unknown:
            raise ValueError(f"The index has no field {', '.join(unknown)}.")
        names = {fold(name): target for name, target in self.fields.items()}
        codes: dict[tuple[str, str], str] = {}
        for target, labels in self.codes.items():
            codes |= {(target, fold(code)): code for code in labels.values()}
            codes |= {(target, fold(label)): code for label, code in labels.items()}
        object.__setattr__(self, "_fields", {**own, **names})
        object.__setattr__(self, "_codes", codes)

    def field_named(self, name: str) -> str | None:
        """Say which field of the index ``name`` means, in any script and case."""
        return self._fields.get(fold(name))

    def code_of(self, target: str, label: str) -> str | None:
        """Say which code of the field ``target`` a person means by ``label``."""
        return self._codes.get((target, fold(label.strip())))
