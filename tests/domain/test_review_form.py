"""What a form asks, and which answers it takes."""

import pytest

from resource_hub.domain.review_form import MAX_WORDS, Sheet, malformed


def test_a_sheet_knows_its_mean_and_what_failed() -> None:
    sheet = Sheet({"science": False, "norm": True, "public": None}, {"aim": 4, "plan": 3})
    assert (sheet.mean, sheet.failed) == (3.5, frozenset({"science"}))
    assert (Sheet().mean, Sheet().failed) == (None, frozenset())


@pytest.mark.parametrize(
    ("sheet", "field", "sentence"),
    [
        (Sheet(scores={"aim": 6}), "score-aim", "Give 1 to 5 points."),
        (Sheet(scores={"aim": 0}), "score-aim", "Give 1 to 5 points."),
        (
            Sheet(hidden_note="x" * (MAX_WORDS + 1)),
            "hidden",
            "At most 5000 characters; this has 5001.",
        ),
    ],
)
def test_what_no_form_allows_is_said_beside_its_field(
    sheet: Sheet, field: str, sentence: str
) -> None:
    (problem,) = malformed(sheet)
    assert (problem.field, str(problem)) == (field, sentence)
