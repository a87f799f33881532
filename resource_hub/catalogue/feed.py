"""Atom feeds (RFC 4287): of issues, of the entries of one, of what is new on a shelf."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from resource_hub.catalogue.data import EntryData, IssueData
from resource_hub.catalogue.labels import Labels, issue_words
from resource_hub.catalogue.plain import one_line, printable
from resource_hub.catalogue.table import errata_words, grade_words

MEDIA_TYPE = "application/atom+xml"


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One thing in a feed.

    Attributes:
        address: Absolute and permanent: it is the item's id, too.
        updated: Of the version that is described; readers show an item again when it is later.
        author: Of a person; empty where nobody is named.
        categories: Words, such as the subject.
    """

    address: str
    title: str
    updated: datetime
    summary: str = ""
    author: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and what is in it, newest first.

    Attributes:
        address: Absolute, of the feed itself: its id. The page's, for one that is only a file.
        page: Absolute, of the page that shows the same.
        author: Whose feed it is: stands for items that name nobody.
        began: The moment of a feed without items, or whose items are all older.
        subtitle: What is to be said of the whole; mostly nothing.
    """

    address: str
    page: str
    title: str
    author: str
    language: str
    began: datetime
    items: tuple[FeedItem, ...] = ()
    subtitle: str = ""

    @property
    def updated(self) -> datetime:
        return max((self.began, *(item.updated for item in self.items)))


def as_atom(feed: Feed) -> bytes:
    """The feed as XML, UTF-8; the same feed gives the same bytes."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(feed.language)}>',
        f"<id>{_text(feed.address)}</id>",
        f"<title>{_text(feed.title)}</title>",
        *([f"<subtitle>{_text(feed.subtitle)}</subtitle>"] if feed.subtitle else []),
        f"<updated>{_moment(feed.updated)}</updated>",
        f"<author><name>{_text(feed.author)}</name></author>",
        *_self(feed),
        f'<link rel="alternate" type="text/html" href={_attribute(feed.page)}/>',
    ]
    for item in feed.items:
        lines += _item(item)
    return ("\n".join([*lines, "</feed>"]) + "\n").encode()


def _self(feed: Feed) -> Sequence[str]:
    """Where the feed can be read again; a file that somebody keeps has no such address."""
    if feed.address == feed.page:
        return []
    return [f'<link rel="self" type="{MEDIA_TYPE}" href={_attribute(feed.address)}/>']


def _item(item: FeedItem) -> Sequence[str]:
    author = f"<author><name>{_text(item.author)}</name></author>" if item.author.strip() else ""
    return [
        "<entry>",
        f"<id>{_text(item.address)}</id>",
        f"<title>{_text(item.title)}</title>",
        f"<updated>{_moment(item.updated)}</updated>",
        author,
        f'<link rel="alternate" type="text/html" href={_attribute(item.address)}/>',
        *(f"<category term={_attribute(word)}/>" for word in item.categories),
        f"<summary>{escape(printable(item.summary))}</summary>",
        "</entry>",
    ]


def _text(value: str) -> str:
    return escape(one_line(value))


def _attribute(value: str) -> str:
    return quoteattr(one_line(value))


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def issue_as_atom(issue: IssueData, labels: Labels) -> bytes:
    """The new and updated resources of one issue; only an erratum changes it.

    An entry with an erratum is as new as that, so that readers who saw it are shown it again; one
    of the whole issue stands below its title.
    """
    moment = issue.published_at or issue.covers_to
    return as_atom(
        Feed(
            address=issue.address,
            page=issue.address,
            title=f"{issue.title} {issue_words(labels, issue.month)}",
            author=issue.alliance,
            language=labels.language,
            began=max((moment, *(each.at for each in issue.errata))),
            items=tuple(_of_entry(issue, entry, labels) for entry in issue.entries + issue.updated),
            subtitle=errata_words(issue, "", labels),
        )
    )


def _of_entry(issue: IssueData, entry: EntryData, labels: Labels) -> FeedItem:
    corrected = errata_words(issue, entry.public_id, labels)
    moment = issue.published_at or issue.covers_to
    own = (each.at for each in issue.errata if each.public_id == entry.public_id)
    return FeedItem(
        address=entry.address,
        title=entry.title or entry.public_id,
        updated=max((moment, *own)),
        summary=f"{entry.summary}\n{corrected}" if corrected else entry.summary,
        author=entry.author,
        categories=(
            labels.label(entry.subject, "subject"),
            *((grade_words(entry, labels),) if entry.grades else ()),
            entry.school,
        ),
    )
