"""What the formats of an issue are brought by the edge: words in a script, and its data."""

from functools import cache

from flask_babel import gettext

from resource_hub.catalogue.data import IssueData
from resource_hub.catalogue.labels import Labels
from resource_hub.domain.catalogue import IssueEdition
from resource_hub.edge.current import hub, reading
from resource_hub.edge.words import LANGUAGES, force_locale, label
from resource_hub.models import Issue
from resource_hub.services.issue_data import issue_data

_LOCALES = {language: locale for locale, language in LANGUAGES.items()}


def labels_in(language: str) -> Labels:
    """The words of ``zh-Hans``, ``zh-Hant`` or ``en``, each looked up once."""
    locale = _LOCALES[language]

    @cache
    def said(sentence: str) -> str:
        with force_locale(locale):
            return str(gettext(sentence))

    @cache
    def labelled(code: str, scheme: str) -> str:
        with force_locale(locale):
            return label(code, scheme)

    return Labels(label=labelled, say=said, language=language)


def data_of(issue: Issue, edition: IssueEdition) -> IssueData:
    """An edition with this hub's addresses, in its time zone."""
    return issue_data(reading(), issue, edition, public_url=hub().public_url, zone=hub().zone)
