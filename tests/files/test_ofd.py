"""Exact text out of OFD, in which official papers come."""

import pytest

from resource_hub.files.facts import Trouble
from tests.files import made
from tests.files.conftest import FactsOf

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def words(*texts: tuple[str, float]) -> str:
    runs = "".join(
        f'<ofd:TextObject Boundary="10 {top} 90 5"><ofd:TextCode X="0" Y="4">{text}</ofd:TextCode>'
        "</ofd:TextObject>"
        for text, top in texts
    )
    return f"<ofd:Page {NS}><ofd:Content><ofd:Layer>{runs}</ofd:Layer></ofd:Content></ofd:Page>"


def paper(*pages: str, root: str = "Doc_0/Document.xml") -> bytes:
    listed = "".join(
        f'<ofd:Page ID="{number}" BaseLoc="Pages/Page_{number}/Content.xml"/>'
        for number in range(len(pages))
    )
    return made.packed(
        {
            "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody>"
            "</ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:Pages>{listed}</ofd:Pages>"
            "</ofd:Document>",
            **{f"Doc_0/Pages/Page_{number}/Content.xml": page for number, page in enumerate(pages)},
        }
    )


@pytest.mark.parametrize("root", ["Doc_0/Document.xml", "/Doc_0/Document.xml"])
def test_each_page_gives_its_lines(facts_of: FactsOf, root: str) -> None:
    first = words(("关于印发", 10), ("教学指南", 10.2), ("的通知", 20))
    facts = facts_of(paper(first, words(("附件", 10)), root=root), "通知.ofd")
    assert (facts.file_type.code, facts.file_type.misnamed, facts.trouble) == ("ofd", False, None)
    assert facts.text == "关于印发教学指南\n的通知\n\n附件"
    assert ([part.place for part in facts.parts], facts.pages) == (["page 1", "page 2"], 2)


def test_a_paper_without_pages_is_damaged(facts_of: FactsOf) -> None:
    assert facts_of(paper(root="gone.xml"), "a.ofd").trouble is Trouble.DAMAGED
    assert facts_of(paper("<cut"), "a.ofd").trouble is Trouble.DAMAGED
