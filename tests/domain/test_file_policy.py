"""What a hub takes, and what is said of what it does not."""

import pytest

from resource_hub.domain.file_policy import FilePolicy, refusal

CASES = ("encrypted", "damaged", "macros", "misnamed")


@pytest.mark.parametrize("case", CASES)
def test_everything_is_taken_unless_a_setting_says_otherwise(case: str) -> None:
    assert refusal(FilePolicy(), "教案.docx", **{case: True}) is None
    assert FilePolicy().takes_all


@pytest.mark.parametrize("case", CASES)
def test_each_case_is_refused_by_its_own_setting(case: str) -> None:
    policy = FilePolicy(**{case: False})
    assert not policy.takes_all
    for other in CASES:
        refused = refusal(policy, "教案.docx", **{other: True})
        assert (refused is not None) == (other == case)
        if refused is not None:
            assert (refused.field, refused.values) == ("files", {"name": "教案.docx"})
            assert "upload it again" in str(refused)
    assert refusal(policy, "教案.docx") is None
