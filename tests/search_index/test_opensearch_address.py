"""A search URL that names a cluster: what it may say, and what it may not."""

import pytest

from search_index.from_url import engine_from_url
from search_index.opensearch_address import Address, address_from_url
from search_index.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("opensearch://search1/hub", Address(("search1:9200",), "hub")),
        (
            "opensearch://10.0.0.5:9200,search2.example.org:9201/county-7",
            Address(("10.0.0.5:9200", "search2.example.org:9201"), "county-7"),
        ),
        (
            "opensearch://[::1],[fe80::2]:9201/hub?shards=6&replicas=2&seconds=10",
            Address(("[::1]:9200", "[fe80::2]:9201"), "hub", shards=6, replicas=2, seconds=10),
        ),
        (
            "opensearchs://hub:p%40ss%2Fword@search1,search2/hub?ca=/etc/hub/ca.pem",
            Address(
                ("search1:9200", "search2:9200"),
                "hub",
                user="hub",
                password="p@ss/word",
                encrypted=True,
                authority="/etc/hub/ca.pem",
            ),
        ),
    ],
)
def test_a_url_says_where_and_how(url: str, address: Address) -> None:
    assert address_from_url(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "opensearch:///hub",
        "opensearch://search1",
        "opensearch://search1/",
        "opensearch://search1/Hub",
        "opensearch://search1/_all",
        "opensearch://search1/hub,other",
        "opensearch://search1/hub*",
        "opensearch://search1,/hub",
        "opensearch://search1:x/hub",
        "opensearch://search1:99999/hub",
        "opensearch://se arch/hub",
        "opensearch://search1/hub?shards=0",
        "opensearch://search1/hub?shards=many",
        "opensearch://search1/hub?replicas=99",
        "opensearch://search1/hub?seconds=0",
        "opensearch://search1/hub?colour=red",
        "opensearchs://search1/hub?ca=ca.pem",
    ],
)
def test_a_url_that_makes_no_sense_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="A search URL"):
        engine_from_url(url, vocabulary=Vocabulary())


def test_a_refusal_does_not_repeat_the_password() -> None:
    with pytest.raises(ValueError, match="A search URL") as refusal:
        engine_from_url("opensearch://hub:hush@search1/HUB", vocabulary=Vocabulary())
    assert "hush" not in str(refusal.value)
