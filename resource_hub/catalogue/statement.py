"""Figures that are fixed: the record from which page, workbook and PDF are made, and its digest."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from resource_hub.catalogue.records import as_plain, from_plain
from resource_hub.domain.points import Figure, Item, PointsRule, Tally, Worth, tally

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class WorthData:
    figure: Figure
    each: int
    """Tenths of a point."""
    most: int | None


@dataclass(frozen=True, slots=True)
class RuleData:
    """The rule that applied; ``number`` 0 is the usual one."""

    number: int
    worths: tuple[WorthData, ...]
    open_days: int
    valid_from: str = ""

    @property
    def rule(self) -> PointsRule:
        worths = tuple(Worth(each.figure, each.each, each.most) for each in self.worths)
        return PointsRule(worths, self.open_days)


@dataclass(frozen=True, slots=True)
class LineData:
    """One person, with the points in tenths."""

    person_id: int
    name: str
    points: int


@dataclass(frozen=True, slots=True)
class ItemData:
    """As ``domain.points.Item``; ``on`` is a day in ISO 8601 or empty. Titles are not in it."""

    figure: Figure
    person_id: int
    resource_id: int
    revision_id: int | None
    public_id: str
    on: str
    number: int
    rounds: int | None
    days: int | None


@dataclass(frozen=True, slots=True)
class StatementData:
    """The figures of one school in one alliance over one period."""

    schema: int
    alliance_id: int
    alliance: str
    school_id: int
    school: str
    period: str
    first: str
    last: str
    rule: RuleData
    lines: tuple[LineData, ...]
    items: tuple[ItemData, ...]
    fixed_at: datetime
    fixed_by: str

    def counted(self) -> list[Item]:
        """The items as they were counted."""
        return [
            Item(
                each.figure,
                self.alliance_id,
                self.school_id,
                each.person_id,
                each.resource_id,
                each.revision_id,
                date.fromisoformat(each.on) if each.on else None,
                each.number,
                each.rounds,
                each.days,
            )
            for each in self.items
        ]

    def tallies(self) -> list[tuple[LineData, Tally]]:
        """Each line with its figures."""
        found: dict[int, list[Item]] = {line.person_id: [] for line in self.lines}
        for item in self.counted():
            found[item.person_id].append(item)
        return [(line, tally(found[line.person_id])) for line in self.lines]


def rule_data(number: int, valid_from: date | None, rule: PointsRule) -> RuleData:
    """A rule as it is kept."""
    return RuleData(
        number,
        tuple(WorthData(each.figure, each.each, each.most) for each in rule.worths),
        rule.open_days,
        valid_from.isoformat() if valid_from else "",
    )


def item_data(items: Sequence[Item], public_ids: dict[int, str]) -> tuple[ItemData, ...]:
    """Items as they are kept; ``public_ids`` are those of the resources."""
    return tuple(
        ItemData(
            item.figure,
            item.person_id,
            item.resource_id,
            item.revision_id,
            public_ids.get(item.resource_id, ""),
            item.on.isoformat() if item.on else "",
            item.number,
            item.rounds,
            item.days,
        )
        for item in items
    )


def canonical(data: StatementData) -> str:
    """The one way in which it is written, so that its digest can be checked."""
    return json.dumps(as_plain(data), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(content: str) -> str:
    """SHA-256 of the canonical JSON in UTF-8, in hexadecimal."""
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


def read_statement(content: str) -> StatementData:
    """The record again.

    Raises:
        ValueError: it is none.
    """
    return from_plain(StatementData, json.loads(content), "statement")
