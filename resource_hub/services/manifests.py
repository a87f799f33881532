"""What a line of a manifest means, and what is assumed where it is silent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from resource_hub.domain.description import (
    MAX_KEYWORD,
    MAX_KEYWORDS,
    MAX_SUMMARY,
    MAX_TITLE,
    MAX_UNIT,
    Description,
)
from resource_hub.domain.licences import ALLIANCE_ONLY
from resource_hub.domain.taxonomy import Kind, Language, Scheme, Section, Taxonomy
from resource_hub.domain.visibility import Audience
from resource_hub.files import Family
from resource_hub.services.manifest_words import (
    audience_meant,
    kind_meant,
    language_meant,
    licence_meant,
    subjects_meant,
)
from resource_hub.services.wording import (
    family,
    guessed_language,
    one_line,
    parts,
    readable_name,
)

_FIRST_WORDS = 40
"""Characters of a text that make its title when it has none."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where a line says nothing; codes. Empty fields are decided line by line."""

    kind: Kind | None = None
    subject: str = ""
    stage: str = ""
    grades: tuple[str, ...] = ()
    licence: str = ""
    audience: Audience = Audience.ALLIANCE
    alliance_id: int | None = None
    taught_subjects: tuple[str, ...] = ()
    """What the person in whose name the import runs teaches."""
    taught_grades: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """A description out of one line, with what was assumed or changed on the way."""

    description: Description
    assumed: dict[str, str] = field(default_factory=dict)
    """By field: the code or value that the line did not give."""
    shortened: list[str] = field(default_factory=list)
    """Fields that were longer than the hub keeps."""


def read_line(
    cells: Mapping[str, str], files: Sequence[Path], taxonomy: Taxonomy, defaults: Defaults
) -> Reading:
    """Turn the cells of one line into a description.

    A word that is in no list counts as not given, and stands among the keywords instead.
    """
    return _Reader(cells, files, taxonomy, defaults).read()


class _Reader:
    def __init__(
        self,
        cells: Mapping[str, str],
        files: Sequence[Path],
        taxonomy: Taxonomy,
        defaults: Defaults,
    ) -> None:
        self.cells, self.files = cells, files
        self.taxonomy, self.defaults = taxonomy, defaults
        self.assumed: dict[str, str] = {}
        self.shortened: list[str] = []
        self.loose: list[str] = []
        """Words that found no place; they become keywords."""

    def read(self) -> Reading:
        stage = self._stage()
        subject = self._subject(stage)
        stage = stage or self._stage_for(subject)
        grades = self._grades(stage)
        kind = self._kind()
        text = self._text()
        title = self._title()
        description = Description(
            kind=kind,
            title=self._short("title", title, MAX_TITLE),
            summary=self._short("summary", self._summary(), MAX_SUMMARY),
            school_stage=stage,
            subject=subject,
            grades=grades,
            volume=self._term(Scheme.VOLUME, "volume"),
            edition=self._term(Scheme.EDITION, "edition"),
            unit=self._short("unit", one_line(self.cells.get("unit", "")), MAX_UNIT),
            language=self._language(f"{title}\n{text}"),
            licence=self._licence(),
            audience=self._audience(),
            alliance_id=self.defaults.alliance_id,
            sections={name: self.cells[name] for name in Section if name in self.cells},
            text=text,
            source=self._short("source", self._source(), MAX_TITLE),
            keywords=self._keywords(),
        )
        return Reading(description, self.assumed, self.shortened)

    def _short(self, name: str, text: str, limit: int) -> str:
        if len(text) > limit:
            self.shortened.append(name)
            return text[: limit - 1] + "…"
        return text

    def _term(self, scheme: Scheme, column: str) -> str:
        word = self.cells.get(column, "")
        code = self.taxonomy.find(scheme, word) if word else None
        if word and code is None:
            self.loose.append(word)
        return code or ""

    # Stage, subject and grades must fit each other: what the line says wins, then the options of
    # the command, then what the person teaches.

    def _stage(self) -> str:
        """What the line says, or what its grades imply; else the option; empty if still open."""
        said = self.taxonomy.find(Scheme.SCHOOL_STAGE, self.cells.get("stage", "-"))
        said = said or next(
            (stage for code in self._said_grades() for stage in self._stages(Scheme.GRADE, code)),
            "",
        )
        if said:
            return said
        stage = self.defaults.stage or next(
            (
                stage
                for code in self.defaults.grades or self.defaults.taught_grades
                for stage in self._stages(Scheme.GRADE, code)
            ),
            "",
        )
        subject = self._said_subject("")
        if stage and subject and not self._fits(subject, stage):
            stage = ""
        if stage:
            self.assumed["stage"] = stage
        return stage

    def _stages(self, scheme: Scheme, code: str) -> list[str]:
        """Stages of school to which a term belongs, in order; all if it is bound to none."""
        term = self.taxonomy.term(scheme, code)
        stages = [known.code for known in self.taxonomy.offered(Scheme.SCHOOL_STAGE)]
        return [stage for stage in stages if term and (not term.stages or stage in term.stages)]

    def _fits(self, subject: str, stage: str) -> bool:
        return stage in self._stages(Scheme.SUBJECT, subject)

    def _said_subject(self, stage: str) -> str:
        known = subjects_meant(self.cells.get("subject", ""), self.taxonomy)
        fitting = [code for code in known if not stage or self._fits(code, stage)]
        return next(iter(fitting or known), "")

    def _subject(self, stage: str) -> str:
        if said := self._said_subject(stage):
            return said
        if word := self.cells.get("subject", ""):
            self.loose.append(word)
        wanted = (self.defaults.subject, *self.defaults.taught_subjects, "school_based")
        known = [code for code in wanted if code and self.taxonomy.has(Scheme.SUBJECT, code)]
        known += [term.code for term in self.taxonomy.offered(Scheme.SUBJECT, school_stage=stage)]
        subject = next(code for code in known if not stage or self._fits(code, stage))
        self.assumed["subject"] = subject
        return subject

    def _stage_for(self, subject: str) -> str:
        taught = self._stages(Scheme.SUBJECT, subject)
        stage = "primary" if "primary" in taught else taught[0]
        self.assumed["stage"] = stage
        return stage

    def _said_grades(self) -> tuple[str, ...]:
        found = []
        for word in parts(self.cells.get("grades", "")):
            # "三年级上册" names a grade and a volume.
            grade = re.sub(r"[上下]([册冊学學]期?)?$", "", word)
            code = self.taxonomy.find(Scheme.GRADE, word) or self.taxonomy.find(Scheme.GRADE, grade)
            if code:
                found.append(code)
        return tuple(dict.fromkeys(found))

    def _grades(self, stage: str) -> tuple[str, ...]:
        if said := self._said_grades():
            return said
        if word := self.cells.get("grades", ""):
            self.loose.append(word)
        offered = [term.code for term in self.taxonomy.offered(Scheme.GRADE, school_stage=stage)]
        wanted = self.defaults.grades or self.defaults.taught_grades
        grades = tuple(code for code in wanted if code in offered) or tuple(offered)
        self.assumed["grades"] = " ".join(grades)
        return grades

    def _kind(self) -> Kind:
        """The word in the line; else an exercise if there is an answer; else by the file's type."""
        word = self.cells.get("kind", "")
        if said := kind_meant(word):
            return said
        if word:
            self.loose.append(word)
        if self.defaults.kind is not None:
            kind = self.defaults.kind
        elif "answer" in self.cells:
            kind = Kind.EXERCISE
        else:
            families = {family(path) for path in self.files}
            if Family.SLIDES in families:
                kind = Kind.COURSEWARE
            elif families & {Family.VIDEO, Family.AUDIO}:
                kind = Kind.MICRO_LESSON
            else:
                kind = Kind.LESSON_PLAN
        self.assumed["kind"] = kind.value
        return kind

    def _text(self) -> str:
        """The text with its answer and analysis below, which would otherwise be lost."""
        parts = [self.cells.get("text", "")]
        for name, heading in (("answer", "【答案】"), ("analysis", "【解析】")):
            if name in self.cells:
                written = self.cells[name]
                parts.append(written if written.startswith("【") else f"{heading}{written}")
        return "\n\n".join(part for part in parts if part)

    def _title(self) -> str:
        title = one_line(self.cells.get("title", ""))
        author = one_line(self.cells.get("author", ""))
        if not title and self.files:
            title = one_line(readable_name(self.files[0].stem))
        elif title and author and not self.files and author not in title:
            # Hundreds of poems are called 绝句: by the author's name people tell them apart.
            title = f"{title}（{author}）"
        return title or self._first_words(_FIRST_WORDS)

    def _first_words(self, count: int) -> str:
        """Of the text alone: an answer in the title would spoil the exercise."""
        return one_line(self.cells.get("text", ""))[:count]

    def _summary(self) -> str:
        if given := self.cells.get("summary", ""):
            return given
        facts = [self.cells.get(name, "") for name in ("category", "year", "author", "source")]
        summary = " · ".join(one_line(fact) for fact in facts if fact)
        if not summary:
            names = [readable_name(path.name) for path in self.files]
            summary = "、".join(names) if names else self._first_words(100)
        self.assumed["summary"] = one_line(summary)[:60]
        return summary

    def _source(self) -> str:
        parts = [one_line(self.cells.get(name, "")) for name in ("source", "author")]
        return " · ".join(part for part in parts if part)

    def _keywords(self) -> tuple[str, ...]:
        words = parts(self.cells.get("keywords", ""))
        for name in ("author", "category"):
            words += parts(self.cells.get(name, ""))
        words += [one_line(word) for word in self.loose]
        kept = [word for word in dict.fromkeys(words) if word and len(word) <= MAX_KEYWORD]
        if len(kept) > MAX_KEYWORDS or len(kept) < len(set(words)):
            self.shortened.append("keywords")
        return tuple(kept[:MAX_KEYWORDS])

    def _language(self, text: str) -> Language:
        return language_meant(self.cells.get("language", "")) or guessed_language(text)

    def _licence(self) -> str:
        word = self.cells.get("licence", "")
        if said := licence_meant(word):
            return said
        if word:
            self.loose.append(word)
        licence = self.defaults.licence or ALLIANCE_ONLY
        self.assumed["licence"] = licence
        return licence

    def _audience(self) -> Audience:
        if said := audience_meant(self.cells.get("audience", "")):
            return said
        self.assumed["audience"] = self.defaults.audience.value
        return self.defaults.audience
