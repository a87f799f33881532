"""Search from the command line, and look after the search index."""

from dataclasses import asdict

import click

from resource_hub.cli.console import HubCommand, HubGroup, show_json, tell, warn
from resource_hub.cli.draining import drain
from resource_hub.cli.importing import KINDS, code_of, require_owner
from resource_hub.cli.organisations import as_json
from resource_hub.cli.setup import rebuild_index
from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.domain.taxonomy import Scheme
from resource_hub.edge.cards import place_words
from resource_hub.edge.current import hub, reading, writing
from resource_hub.edge.extensions import db
from resource_hub.edge.words import day, label, moment
from resource_hub.services import indexing, queue
from resource_hub.services.queries import directory
from resource_hub.services.queries.operator import operators_view
from resource_hub.services.queries.search import Answer, Found
from resource_hub.services.queries.search import search as find
from search_index import Highlighted, Relaxed, Sort

INCOMPLETE = N_("The index is not complete: type hub index rebuild.")


@click.command(cls=HubCommand, epilog='Example: hub search "勾股定理 年级:八年级" --kind exercise')
@click.argument("query")
@click.option("--subject", default="", help="Code or name.")
@click.option("--grade", default="", help="Code or name.")
@click.option("--school", default="", help="Code or name.")
@click.option("--kind", type=KINDS)
@click.option(
    "--sort", type=click.Choice([sort.value for sort in Sort]), default=Sort.RELEVANCE.value
)
@click.option("--as", "login", help="See with the eyes of this account; without it: everything.")
@click.option("--page", type=click.IntRange(1), default=1)
@click.option("--exact", is_flag=True, help="Nothing rather than the nearest.")
@as_json
def search(
    query: str,
    subject: str,
    grade: str,
    school: str,
    kind: str | None,
    sort: str,
    login: str | None,
    page: int,
    *,
    exact: bool,
    as_json: bool,
) -> None:
    """Search as the page does."""
    person = require_owner(login) if login else operators_view(reading())
    chosen = {
        "subject": code_of(Scheme.SUBJECT, subject),
        "grade": code_of(Scheme.GRADE, grade),
        "school": directory.require_school(reading(), school).code if school else "",
        "kind": kind or "",
    }
    answer = find(
        reading(),
        hub().search,
        person,
        hub().now(),
        query=query,
        filters={name: frozenset({code}) for name, code in chosen.items() if code},
        sort=Sort(sort),
        page=page,
        today=hub().now().astimezone(hub().zone).date(),
        relax=not exact,
    )
    if as_json:
        show_json(
            {
                "total": answer.paging.total,
                "page": answer.paging.number,
                "pages": answer.paging.pages,
                "understood": answer.understood,
                "relaxed": answer.relaxed,
                "corrections": list(answer.corrections),
                "facets": {name: dict(counts) for name, counts in answer.facets.items()},
                "found": [_plain(found) for found in answer.found],
            }
        )
        return
    if hub().search.needs_rebuild:
        warn(INCOMPLETE)
    tell(N_("Found: %(total)s"), total=answer.paging.total)
    _tell_how(answer, query)
    for found in answer.found:
        _show(found)
    if answer.paging.pages > 1:
        tell(
            N_("Page %(page)s of %(pages)s; go on with --page %(next)s."),
            page=answer.paging.number,
            pages=answer.paging.pages,
            next=min(answer.paging.number + 1, answer.paging.pages),
        )


def _tell_how(answer: Answer, query: str) -> None:
    """How the query was read, what was given up, and what else may have been meant."""
    corrections = list(answer.corrections)
    if answer.understood:
        tell(N_("Read as: %(words)s"), words=answer.understood)
    match answer.relaxed:
        case Relaxed.FILTERS:
            tell(N_("Nothing fits the words and all options. Shown is what there is without them."))
        case Relaxed.FIELDS:
            tell(
                N_(
                    "Nothing has these words and fits the fields in your query. Shown is what comes"
                    " nearest without the fields."
                )
            )
        case Relaxed.SPELLING:
            tell(
                N_("Nothing was found for “%(query)s”. Shown is what there is for “%(nearest)s”."),
                query=query,
                nearest=corrections.pop(0),
            )
        case Relaxed.WORDS:
            tell(N_("Nothing has all of these words. Shown is what has most of them."))
    if answer.gave_up_filters and answer.relaxed is not Relaxed.FILTERS:
        tell(N_("The options were given up, too."))
    if corrections:
        tell(N_("Did you mean: %(words)s"), words=" · ".join(corrections))


def _show(found: Found) -> None:
    card = found.card
    facts = [
        label(card.kind, "kind"),
        label(card.subject, "subject"),
        *(label(grade, "grade") for grade in card.grades[:3]),
        card.school_name,
        card.author_name,
        day(card.published_at),
    ]
    click.echo(f"{card.public_id}  {_marked(found.hit.title)}")
    click.echo(f"          {' · '.join(facts)}")
    for passage in found.hit.passages:
        place = place_words(passage.place)
        click.echo(f"          {_marked(passage)}{f' ({place})' if place else ''}")


def _marked(piece: Highlighted) -> str:
    """The words that were found in bold; click leaves that out where no terminal is."""
    text, at = "", 0
    for start, end in piece.marks:
        text += piece.text[at:start] + click.style(piece.text[start:end], bold=True)
        at = end
    return " ".join((text + piece.text[at:]).split())


def _plain(found: Found) -> dict[str, object]:
    card = found.card
    return {
        "public_id": card.public_id,
        "url": f"{hub().public_url}/r/{card.public_id}",
        "title": card.title,
        "summary": card.summary,
        "kind": card.kind,
        "subject": card.subject,
        "grades": list(card.grades),
        "school": card.school_name,
        "author": card.author_name,
        "published_at": card.published_at.isoformat(),
        "score": found.hit.score,
        "passages": [
            {
                "text": passage.text,
                "file": passage.place.file if passage.place else "",
                "place": passage.place.kind if passage.place else "",
                "label": passage.place.label if passage.place else "",
            }
            for passage in found.hit.passages
        ],
    }


@click.group(cls=HubGroup)
def index() -> None:
    """The search index, which can be made anew from the database at any time."""


@index.command("status", epilog="Example: hub index status --json")
@as_json
def index_status(*, as_json: bool) -> None:
    """Say how many resources it holds, what waits, and what was set aside."""
    now = hub().now()
    waiting, aside = queue.lengths(reading()).get("index", (0, 0))
    facts = {
        "needs_rebuild": hub().search.needs_rebuild,
        "documents": 0 if hub().search.needs_rebuild else hub().search.count(),
        "findable": indexing.count_findable(reading(), now=now),
        "waiting": waiting,
        "set_aside": aside,
    }
    if as_json:
        show_json(facts)
        return
    tell(
        N_(
            "In the index: %(documents)s; in the database: %(findable)s; waiting: %(waiting)s;"
            " set aside: %(set_aside)s."
        ),
        **facts,
    )
    if facts["needs_rebuild"]:
        tell(INCOMPLETE)
    for job in queue.set_aside(reading()):
        if job.kind == "index":
            click.echo(f"{moment(job.run_at)}  {job.subject}  {job.error}")


@index.command("rebuild", epilog="Example: hub index rebuild")
def rebuild() -> None:
    """Build it anew, aside; people go on searching in the old one until it is swapped."""
    tell(N_("The index holds %(count)s resources."), count=rebuild_index())


@index.command("check", epilog="Example: hub index check --repair")
@click.option("--repair", is_flag=True, help="Bring what differs up to date.")
@as_json
def check(*, repair: bool, as_json: bool) -> None:
    """Compare it with the database, resource by resource; a difference is exit code 1."""
    difference = indexing.compare(reading(), hub().search, now=hub().now())
    if repair and difference:
        if not as_json:
            tell(DIFFERENCES, **_counts(difference))
        with writing() as uow:
            indexing.promise_again(uow, difference)
        drain(("index",))
        db.session.rollback()
        difference = indexing.compare(reading(), hub().search, now=hub().now())
    if as_json:
        show_json(asdict(difference))
    if difference:
        raise Invalid([Problem("index", STILL_DIFFERENT, _counts(difference))])
    if not as_json:
        tell(N_("Index and database agree: %(count)s resources."), count=difference.indexed)


DIFFERENCES = N_(
    "Not in the index: %(not_indexed)s; outdated: %(outdated)s; not in the database:"
    " %(not_in_database)s."
)
STILL_DIFFERENT = N_(
    "Not in the index: %(not_indexed)s; outdated: %(outdated)s; not in the"
    " database: %(not_in_database)s. Wait for the worker, or type hub index"
    " check --repair."
)


def _counts(difference: indexing.Difference) -> dict[str, object]:
    return {
        "not_indexed": len(difference.not_indexed),
        "outdated": len(difference.outdated),
        "not_in_database": len(difference.not_in_database),
    }
