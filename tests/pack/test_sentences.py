"""The scripts of the pack say what the translations know."""

import re
from pathlib import Path

import resource_hub.pack
from resource_hub.pack.app import pages
from resource_hub.pack.readme import LINES
from resource_hub.pack.sentences import SENTENCES

PAGES = Path(resource_hub.pack.__file__).parent / "pages"
SAID = re.compile(r'\bsay\("((?:[^"\\]|\\.)*)"')
TABLE = re.compile(r"const (?:HEADINGS|CHANGES|BADGES) = \{(.*?)\};", re.DOTALL)
VALUE = re.compile(r':\s*"((?:[^"\\]|\\.)*)"')
TOO_NEW = re.compile(
    r"=>\s*\{?\s*await|\basync\b|\bimport\b|\bexport\b|\?\.|\?\?|\*\*|\.\.\.\w+\s*\}"
    r"|Object\.(?:entries|values|fromEntries)|\.(?:includes|padStart|padEnd|flat|flatMap|at)\("
    r"|\bfetch\(|localStorage|sessionStorage|XMLHttpRequest|\bWorker\(|innerHTML|outerHTML|\beval\("
)


def scripts() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(PAGES.glob("*.js"))}


def test_every_sentence_of_the_scripts_is_translated_and_none_is_left_over() -> None:
    said: set[str] = set()
    for text in scripts().values():
        said |= set(SAID.findall(text))
        said |= {value for table in TABLE.findall(text) for value in VALUE.findall(table)}
    assert said | set(LINES) == set(SENTENCES)


def test_the_scripts_are_plain_enough_for_old_machines_and_for_sticks() -> None:
    """ES2015, and nothing that a page from a stick may not do or that makes text into markup."""
    found = {name: TOO_NEW.findall(text) for name, text in scripts().items()}
    assert {name: signs for name, signs in found.items() if signs} == {}


def test_the_pages_load_only_what_is_in_the_pack_and_all_of_it() -> None:
    found = pages()
    html = [content.decode() for path, content in found.items() if path.endswith(".html")]
    loaded = {address for text in html for address in re.findall(r'(?:src|href)="([^"]+)"', text)}
    assert len(html) == 3
    assert loaded == {path for path in found if path.startswith("app/")}
