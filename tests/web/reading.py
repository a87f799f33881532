"""A page as its reader sees it: headings, cards, links and words, in English."""

from typing import Any

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse


class Page:
    """What one answer shows."""

    def __init__(self, answer: TestResponse) -> None:
        self.status = answer.status_code
        self.root = html.fromstring(answer.text or "<p></p>")

    def _found(self, path: str) -> list[Any]:  # Any: elements or attributes, as lxml gives them
        found = self.root.xpath(path)
        assert isinstance(found, list)
        return found

    def _texts(self, path: str) -> list[str]:
        return [_words(item) for item in self._found(path)]

    @property
    def text(self) -> str:
        return " ".join(self._texts("//main") or self._texts("."))

    @property
    def heading(self) -> str:
        return self._texts("//h1")[0]

    @property
    def headings(self) -> list[str]:
        return self._texts("//main//h2 | //main//h3 | //main//h4")

    @property
    def cards(self) -> list[str]:
        """The titles of the resources in the order of the page."""
        return self._texts("//article[@class='resource-card']//*[self::h2 or self::h3]/a")

    @property
    def marks(self) -> list[str]:
        return self._texts("//mark")

    @property
    def places(self) -> list[str]:
        """Where in a file the passages stand."""
        return self._texts("//*[@class='passage-place']")

    def leads_to(self, kind: str) -> list[str]:
        """Where the links of class ``kind`` lead."""
        return self._found(f"//a[@class='{kind}']/@href")

    @property
    def how_read(self) -> str:
        """What the search page says of the query, above the results."""
        return " ".join(self._texts("//div[@class='how-read']"))

    @property
    def boxes(self) -> dict[str, str]:
        """Search box → the list that offers how to go on."""
        boxes = self._found("//input[@data-search-box][@role='combobox']")
        hidden = set(self._found("//ul[@role='listbox'][@hidden]/@id"))
        return {
            box.get("id"): box.get("aria-controls")
            for box in boxes
            if box.get("aria-controls") in hidden
        }

    @property
    def offered(self) -> dict[str, str]:
        """Completion → the query that is searched when it is taken."""
        return {
            _words(option): option.get("data-query")
            for option in self._found("//*[@role='option']")
        }

    @property
    def chips(self) -> dict[str, str]:
        """What is chosen → the address without it."""
        links = self._found("//ul[@class='chosen']//a[not(@class)]")
        return {_words(link).removeprefix("Remove"): link.get("href") for link in links}

    @property
    def options(self) -> dict[str, dict[str, int]]:
        """Facet → option → how many."""
        return {
            sheet.findtext("legend"): {
                label.findtext("span[1]"): int(label.findtext("span[2]"))
                for label in sheet.iter("label")
            }
            for sheet in self._found("//fieldset[@class='facet']")
        }

    @property
    def links(self) -> dict[str, str]:
        """Words → address, in the matter of the page."""
        return {_words(link): link.get("href") for link in self._found("//main//a[@href]")}

    @property
    def examples(self) -> list[str]:
        """What help suggests to search for."""
        return self._texts("//main//table//a/code")

    @property
    def forms(self) -> list[str]:
        """Where the POST forms of the matter lead."""
        return self._found("//main//form[@method='post']/@action")

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields of the matter, hidden ones included."""
        fields = self._found("//main//input[@name] | //main//textarea[@name]")
        return {field.name: (field.value or "").strip() for field in fields}

    @property
    def chosen(self) -> dict[str, str]:
        """What is chosen in the lists of the POST forms of the matter."""
        lists = self._found("//main//form[@method='post']//select[@name]")
        return {field.name: field.value or "" for field in lists}


def _words(element: Any) -> str:  # Any: an element of lxml
    return " ".join(element.text_content().split())


def in_english(browser: FlaskClient) -> FlaskClient:
    with browser.session_transaction() as cookies:
        cookies["language"] = "en"
    return browser


def read(browser: FlaskClient, address: str) -> Page:
    """The page at ``address``, in English; what follows the answer has happened, too."""
    answer = in_english(browser).get(address)
    page = Page(answer)
    answer.close()
    return page


class Statements:
    """How many statements an engine has been sent."""

    def __init__(self, engine: Engine) -> None:
        self.count = 0
        event.listen(engine, "before_cursor_execute", self._one_more)

    def _one_more(self, *_more: object) -> None:
        self.count += 1

    def for_page(self, browser: FlaskClient, address: str) -> int:
        before = self.count
        assert browser.get(address).status_code == 200
        return self.count - before
