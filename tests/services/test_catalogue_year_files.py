"""A month out of the simulated year in every format: each lists what the issue lists, once."""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import feedparser
import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from resource_hub.catalogue.data import from_json
from resource_hub.domain.catalogue import IssueEdition
from resource_hub.domain.people import STRANGER
from resource_hub.domain.review import OPERATOR
from resource_hub.services import catalogue
from resource_hub.services.packed_issues import issues_for
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage
from tests.catalogue.test_print import codes, text_of
from tests.conftest import SHANGHAI
from tests.given import Clock, Given
from tests.services.test_catalogue_year import a_year_of, entries_of, months, title_of
from tests.services.test_issue_files import written

pytestmark = pytest.mark.long

NUMBER = re.compile(r"R-\d{6}")
ADDRESS = re.compile(r"https://hub/r/(R-\d{6})")


def in_json(content: bytes) -> list[str]:
    return [entry.public_id for entry in from_json(content).all_entries]


def in_csv(content: bytes) -> list[str]:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
    assert not [cell for row in rows for cell in row if cell.startswith("=")]
    return [found[1] for row in rows for cell in row if (found := ADDRESS.fullmatch(cell))]


def in_xlsx(content: bytes) -> list[str]:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2))
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}  # no formula
    cells = [str(cell.value) for row in rows for cell in row]
    return [found[1] for cell in cells if (found := ADDRESS.fullmatch(cell))]


def in_html(content: bytes) -> list[str]:
    return re.findall(r'<a href="https://hub/r/(R-\d{6})"', content.decode())


def in_atom(content: bytes) -> list[str]:
    return [entry.link.rpartition("/")[2] for entry in feedparser.parse(content).entries]


def in_print(content: bytes) -> list[str]:
    return NUMBER.findall(text_of(content))


READ: dict[str, Callable[[bytes], list[str]]] = {
    "json": in_json,
    "csv": in_csv,
    "xlsx": in_xlsx,
    "html": in_html,
    "atom": in_atom,
    "pdf": in_print,
    "booklet": in_print,
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the year itself has both
def test_every_format_of_a_month_lists_what_the_issue_lists_and_nothing_twice(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock, storage: Storage
) -> None:
    author = a_year_of(given)[0]
    alliance_id = min(author.alliance_ids)
    for month in months()[:4]:
        clock.at = month.end(SHANGHAI) + timedelta(minutes=1)
        issue = catalogue.publish(uow, OPERATOR, alliance_id, month)
    listed = entries_of(session, issue)
    assert Counter(change for change, _ in listed.values()).keys() == {
        "new",
        "updated",
        "withdrawn",
    }
    # Of six resources one is public, and one never leaves its school.
    public = {number: how for number, how in listed.items() if int(number[2:]) % 6 == 1}
    assert 5 < len(public) < len(listed)

    files = written(uow, storage, issue)
    assert len(files) == 30
    for file in files:
        with storage.open(file.blob_hash) as stored:
            content = stored.read()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (file.blob_hash, file.size)
        if file.format == "cover":
            continue
        wanted = public if file.edition is IssueEdition.PUBLIC else listed
        if file.format == "atom":  # what was withdrawn is no news
            wanted = {number: how for number, how in wanted.items() if how[0] != "withdrawn"}
        found = READ[file.format](content)
        assert Counter(found) == Counter(wanted.keys()), (file.edition, file.format, file.script)
        if file.format == "json":
            entries = from_json(content).all_entries
            assert {
                each.public_id: (each.change.value, each.revision) for each in entries
            } == wanted
            assert [each.title for each in entries] == [
                title_of(int(each.public_id[2:])) for each in entries
            ]
        if file.format == "pdf" and file.script == "zh-Hans":
            shown = [number for number, how in wanted.items() if how[0] != "withdrawn"]
            led = [code.rpartition("/")[2] for code in codes(content)][1:]
            assert Counter(led) == Counter(shown)

    for person, wanted in ((given.again(author.id or 0), listed), (STRANGER, public)):
        newest = issues_for(session, person, SHANGHAI, public_url="https://hub", language="zh-Hans")
        entries_on_stick = [(each.public_id, each.change) for each in newest[0].entries]
        assert newest[0].month == issue.month
        assert sorted(entries_on_stick) == sorted(
            (number, change) for number, (change, _revision) in wanted.items()
        )
