"""The offline pack at the command line."""

import secrets
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click
from flask_babel import force_locale

from resource_hub.cli.console import HubGroup, gettext_of, progress, show_json, tell, warn
from resource_hub.cli.importing import code_of, require_owner
from resource_hub.cli.organisations import as_json
from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.domain.licences import LICENCES
from resource_hub.domain.people import STRANGER, Person
from resource_hub.domain.taxonomy import KIND_LABELS, SECTION_LABELS, Scheme
from resource_hub.domain.visibility import Audience
from resource_hub.edge.current import hub, reading, taxonomy
from resource_hub.edge.words import LANGUAGES, label, size
from resource_hub.pack.before import read_before
from resource_hub.pack.data import (
    Before,
    Cover,
    Labels,
    PackIssue,
    PackResource,
    Selection,
    Wording,
)
from resource_hub.pack.index import PackIndex
from resource_hub.pack.selection import Chosen
from resource_hub.pack.sentences import SENTENCES
from resource_hub.pack.sinks import Together, opened
from resource_hub.pack.writer import Contents, Written, bytes_to_copy, write_pack
from resource_hub.services.packed_issues import issues_for
from resource_hub.services.packing import (
    as_a_school,
    choose_for,
    documents_in_order,
    reader_of,
    resources_for,
    wanted_by,
)
from resource_hub.services.quotas import parse_size

ONLY_OUT = N_("With --update only --out is said: the rest stays as in the pack before.")


@click.group(cls=HubGroup)
def pack() -> None:
    """The offline pack: the hub on a USB stick, for schools without a line."""


@pack.command(
    "build", epilog="Example: hub pack build --school 第二小学 --out stick --out stick.zip"
)
@click.option("--school", default="", help="Who gets it, by code or name: only what it may see.")
@click.option("--as", "login", default="", help="Or a person, and what this account may see.")
@click.option("--subjects", default="", help="Codes or names with commas between.")
@click.option("--grades", default="", help="Codes or names with commas between.")
@click.option("--since", default="", help="Only what came with the issue of YYYY-MM or later.")
@click.option("--max-size", "room", default="", help="Such as 16 GB; what is newest goes first.")
@click.option("--most-used-first", is_flag=True, help="With --max-size: what is used most instead.")
@click.option(
    "--update",
    "stick",
    type=click.Path(exists=True, path_type=Path),
    help="The pack that is out there, its folder or ZIP: write only what is new since.",
)
@click.option(
    "--out",
    "outs",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    help="A folder that is not there yet, or a name that ends in .zip; may be given twice.",
)
@as_json
def build(
    school: str,
    login: str,
    subjects: str,
    grades: str,
    since: str,
    room: str,
    stick: Path | None,
    outs: tuple[Path, ...],
    *,
    most_used_first: bool,
    as_json: bool,
) -> None:
    """Write what a school may see into a folder or a ZIP that opens from a USB stick.

    Without --school and --as it holds what everyone may see. With --update it is for the same
    school and by the same choice as the pack before, and is copied over that one.
    """
    before = read_before(stick) if stick else None
    if before is not None:
        if any((school, login, subjects, grades, since, room, most_used_first)):
            raise Invalid([Problem("update", ONLY_OUT)])
        school, login = before.selection.school_code, before.selection.login
    person, school_code = _receiver(school, login)
    selection = (
        before.selection
        if before
        else Selection(
            school_code=school_code,
            login=login if not school else "",
            subjects=_codes(Scheme.SUBJECT, subjects),
            grades=_codes(Scheme.GRADE, grades),
            since=str(Month.parse(since)) if since else "",
            max_size=_bytes(room),
            most_used_first=most_used_first,
        )
    )
    session, storage, zone = reading(), hub().storage, hub().zone
    language = LANGUAGES[hub().language]
    issues = issues_for(session, person, zone, public_url=hub().public_url, language=language)
    wanted = wanted_by(session, selection, zone)
    found = resources_for(session, storage, person, hub().now(), wanted)
    chosen = choose_for(session, found, selection, before, issues)
    contents = _contents(person, selection, chosen, before, issues)
    total = bytes_to_copy(chosen.taken, before, issues)
    with ExitStack() as stack:
        sink = Together([stack.enter_context(opened(out)) for out in outs])
        bar = stack.enter_context(progress(N_("Copying files"), total))
        written = write_pack(contents, sink, reader_of(storage), bar.reach)
    _tell(outs, chosen, written, as_json=as_json)


def _receiver(school: str, login: str) -> tuple[Person, str]:
    if school:
        return as_a_school(reading(), school)
    return (require_owner(login), "") if login else (STRANGER, "")


def _codes(scheme: Scheme, words: str) -> tuple[str, ...]:
    parts = words.replace("，", ",").replace("、", ",").split(",")
    return tuple(dict.fromkeys(code_of(scheme, part.strip()) for part in parts if part.strip()))


def _bytes(room: str) -> int:
    found = parse_size(room) if room else 0
    if found is None:
        raise Invalid([Problem("max_size", N_("Write the size as a number and a unit: 16 GB."))])
    return found


def _contents(
    person: Person,
    selection: Selection,
    chosen: Chosen,
    before: Before | None,
    issues: Sequence[PackIssue],
) -> Contents:
    built_at = hub().now().astimezone(hub().zone)
    cover = Cover(
        pack_id=before.pack_id if before else secrets.token_hex(4),
        sequence=before.sequence + 1 if before else 1,
        built_at=built_at,
        school_name=person.school_name,
        hub_address=hub().public_url,
        language=hub().language,
        selection=selection,
    )
    return Contents(
        cover=cover,
        resources=chosen.taken,
        left_out=chosen.left_out,
        issues=issues,
        wording=_wording(),
        labels=_labels(),
        index=_indexed(chosen.taken),
        colours={term.code: term.colour for term in taxonomy().offered(Scheme.SUBJECT)},
        offered={
            scheme.value: {term.code: sorted(term.stages) for term in taxonomy().offered(scheme)}
            for scheme in (Scheme.SCHOOL_STAGE, Scheme.SUBJECT, Scheme.GRADE)
        },
        before=before,
    )


def _indexed(resources: Sequence[PackResource]) -> PackIndex:
    index = PackIndex(_labels())
    ids = [one.resource_id for one in resources]
    with progress(N_("Building the search"), len(ids)) as bar:
        found = documents_in_order(reading(), ids, hub().now())
        for done, document in enumerate(found, start=1):
            if document is None:
                index.skip()
            else:
                index.add(document)
            bar.reach(done)
    return index


def _wording() -> Wording:
    found = {}
    for locale in LANGUAGES:
        with force_locale(locale):
            found[locale] = {sentence: gettext_of(sentence) for sentence in SENTENCES}
    return found


def _labels() -> Labels:
    """Every word that a code may need, in the order of the taxonomy."""
    coded = {
        "kind": [code.value for code in KIND_LABELS],
        "section": [code.value for code in SECTION_LABELS],
        "licence": list(LICENCES),
        "audience": [code.value for code in Audience],
    }
    for scheme in Scheme:
        coded[scheme.value] = [term.code for term in taxonomy().terms if term.scheme is scheme]
    found = {}
    for locale in LANGUAGES:
        with force_locale(locale):
            found[locale] = {
                scheme: {code: label(code, scheme) for code in codes}
                for scheme, codes in coded.items()
            }
    return found


def _tell(outs: tuple[Path, ...], chosen: Chosen, written: Written, *, as_json: bool) -> None:
    left = sum(one.size for one in chosen.left_out)
    if as_json:
        show_json(
            {
                "out": [str(out) for out in outs],
                "resources": len(chosen.taken),
                "files": written.files,
                "bytes": written.size,
                "left_out": [one.public_id for one in chosen.left_out],
                "left_out_bytes": left,
                "unreadable": written.unreadable,
            }
        )
        return
    tell(
        N_("%(names)s: %(count)s resources, %(files)s files, %(size)s."),
        names=", ".join(map(str, outs)),
        count=len(chosen.taken),
        files=written.files,
        size=size(written.size),
    )
    for title in written.unreadable:
        warn(
            N_("A file of “%(title)s” cannot be read and is left out: try hub verify."), title=title
        )
    if not chosen.left_out:
        return
    first = chosen.left_out[0].title
    warn(
        N_(
            "Left out, because there was no room or a file is too large for a stick: %(count)s"
            " resources of %(size)s, first of all “%(title)s”. The page “This pack” lists them."
        ),
        count=len(chosen.left_out),
        size=size(left),
        title=first,
    )
