"""An issue as one page of HTML that needs nothing else: no server, no script, no network."""

from collections.abc import Iterator, Sequence
from html import escape

from resource_hub.catalogue.data import EntryData, IssueData, sections
from resource_hub.catalogue.figures import Figure, figures
from resource_hub.catalogue.labels import Labels, badge_word, date_words, issue_words
from resource_hub.catalogue.plain import one_line, printable
from resource_hub.catalogue.table import grade_words
from resource_hub.domain.errors import N_

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2933; --paper: #fbfaf7; --line: #e5e1d8;
  --accent: #1f6f5c; --faint: #5b6770; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e3dc; --paper: #171b1f; --line: #394047;
  --accent: #7cc4b0; --faint: #a3adb5; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 16px; max-width: 880px; color: var(--ink);
  background: var(--paper); font: 16px/26px system-ui, "PingFang SC", "Microsoft YaHei",
  "Noto Sans CJK SC", sans-serif; line-break: strict; overflow-wrap: anywhere; }
:lang(zh-Hant) { font-family: system-ui, "PingFang TC", "Microsoft JhengHei", "Noto Sans CJK TC",
  sans-serif; }
a { color: var(--accent); }
h1 { font-size: 32px; line-height: 40px; font-weight: 600; margin: 8px 0; }
h2 { font-size: 24px; line-height: 32px; font-weight: 600; color: var(--accent);
  border-bottom: 2px solid var(--accent); margin: 40px 0 8px; }
h3 { font-size: 20px; font-weight: 600; margin: 24px 0 0; }
h4 { font-size: 14px; font-weight: 400; color: var(--faint); margin: 16px 0 0; }
ol, ul { list-style: none; padding: 0; margin: 0; }
nav li { display: inline-block; margin-right: 16px; min-height: 44px; line-height: 44px; }
.entry { border-bottom: 1px solid var(--line); padding: 12px 0; }
.entry p, .facts { margin: 0; }
.facts { color: var(--faint); font-size: 14px; }
.words { border-left: 3px solid var(--accent); padding-left: 8px; }
figure { margin: 24px 0; } figcaption { font-weight: 600; }
svg { width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { border-bottom: 1px solid var(--line); padding: 4px; text-align: right;
  font-variant-numeric: tabular-nums; } th:first-child, td:first-child { text-align: left; }
@media print { body { max-width: none; } .entry, figure { break-inside: avoid; } }
"""


def as_html(issue: IssueData, labels: Labels) -> bytes:
    """The issue with contents, sections and charts, UTF-8; same issue, same bytes."""
    return "\n".join(_page(issue, labels)).encode("utf-8", "replace")


def _page(issue: IssueData, labels: Labels) -> Iterator[str]:
    say = labels.say
    name = f"{one_line(issue.title)} {issue_words(labels, issue.month)}"
    yield (
        f'<!doctype html>\n<html lang="{escape(labels.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{_text(name)}</title><style>{_STYLE}</style></head><body>"
    )
    published = date_words(labels, issue.published_at) if issue.published_at else say(N_("Draft"))
    count = say(N_("%(count)s resources")) % {"count": len(issue.all_entries)}
    yield (
        f'<header><p class="facts">{_text(issue.alliance)}</p><h1>{_text(name)}</h1>'
        f'<p class="facts">{_text(published)} · {_text(count)} · '
        f'<a href="{_text(issue.address)}">{_text(say(N_("This issue on line")))}</a></p></header>'
    )
    parts = list(_parts(issue, labels))
    yield f"<nav><ul>{''.join(_link(at, title) for at, (title, _) in enumerate(parts))}</ul></nav>"
    yield "<main>"
    if not issue.all_entries:
        yield f"<p>{_text(say(N_('No resources were published this month.')))}</p>"
    for at, (title, body) in enumerate(parts):
        yield f'<section id="part-{at}"><h2>{_text(title)}</h2>'
        yield from body
        yield "</section>"
    yield "</main></body></html>\n"


def _link(at: int, title: str) -> str:
    return f'<li><a href="#part-{at}">{_text(title)}</a></li>'


Part = tuple[str, Sequence[str]]
"""Title and lines of a part that has something in it."""


def _parts(issue: IssueData, labels: Labels) -> Iterator[Part]:
    yield from _opening(issue, labels)
    yield from _subjects(issue, labels)
    yield from _rest(issue, labels)


def _opening(issue: IssueData, labels: Labels) -> Iterator[Part]:
    say = labels.say
    by_id = {entry.public_id: entry for entry in issue.all_entries}
    if issue.preface.strip():
        lines = printable(issue.preface).split("\n")
        said = [f'<p dir="auto">{_text(line)}</p>' for line in lines if line.strip()]
        yield say(N_("Preface")), said
    if issue.errata:
        yield (
            say(N_("Errata")),
            [
                f'<div class="entry"><p class="facts">{_text(date_words(labels, each.at))} '
                f'{_text(each.public_id)}</p><p dir="auto">{_text(each.words)}</p></div>'
                for each in issue.errata
            ],
        )
    highlights = [each for each in issue.highlights if each.public_id in by_id]
    if highlights:
        yield (
            say(N_("Recommended this month")),
            [_entry(by_id[each.public_id], labels, words=each.words) for each in highlights],
        )


def _subjects(issue: IssueData, labels: Labels) -> Iterator[Part]:
    say = labels.say
    for section in sections(issue.entries):
        lines = []
        for grade in section.grades:
            word = labels.label(grade.grade, "grade") if grade.grade else ""
            lines.append(f"<h3>{_text(word or say(N_('For no grade in particular')))}</h3>")
            for school in grade.schools:
                lines.append(f'<h4 dir="auto">{_text(school.school)}</h4>')
                lines += [_entry(entry, labels, below_school=True) for entry in school.entries]
        yield labels.label(section.subject, "subject"), lines


def _rest(issue: IssueData, labels: Labels) -> Iterator[Part]:
    say = labels.say
    for title, entries in (
        (N_("Updated resources"), issue.updated),
        (N_("Withdrawn resources"), issue.withdrawn),
    ):
        if entries:
            yield say(title), [_entry(entry, labels) for entry in entries]
    if issue.asked_for:
        yield (
            say(N_("Asked for")),
            [
                f'<p class="entry"><a href="{_text(each.address)}">{_own(each.text)}</a> '
                f'<span class="facts">{_text(say(N_("Asked by")))} {each.people}</span></p>'
                for each in issue.asked_for
            ],
        )
    drawn = figures(issue.figures, labels)
    if drawn:
        yield say(N_("Figures of the month")), [_figure(each) for each in drawn]


def _entry(entry: EntryData, labels: Labels, *, words: str = "", below_school: bool = False) -> str:
    facts = (
        _text(labels.label(entry.kind, "kind")),
        _text(grade_words(entry, labels)),
        "" if below_school else _own(entry.school),
        _own(entry.author),
        _text(badge_word(labels, entry.badge)),
        entry.public_id,
    )
    said = f'<p class="words" dir="auto">{_text(words)}</p>' if words.strip() else ""
    return (
        f'<div class="entry"><a href="{_text(entry.address)}" dir="auto">'
        f"{_text(entry.title) or entry.public_id}</a>"
        f'<p class="facts">{" · ".join(fact for fact in facts if fact)}</p>{said}'
        f'<p dir="auto">{_text(entry.summary)}</p></div>'
    )


def _figure(figure: Figure) -> str:
    rows = "".join(
        f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>"
        for row in figure.whole.rows
    )
    heads = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in figure.head)
    return (
        f"<figure><figcaption>{_text(figure.whole.title)}</figcaption>{figure.svg()}"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></figure>"
    )


def _own(value: str) -> str:
    """A name of people, in whichever script: it does not turn the words beside it around."""
    return f"<bdi>{_text(value)}</bdi>" if one_line(value) else ""


def _text(value: str) -> str:
    return escape(one_line(value))
