"""A reviewer's form, filled in: every criterion met, four points for everything."""

from resource_hub.domain.review_form import Sheet
from resource_hub.services.review_forms import shipped_form

ANSWERED = Sheet(
    passes={item.code: True for item in shipped_form().criteria},
    scores={item.code: 4 for item in shipped_form().scores},
)

ANSWERS: dict[str, str] = {
    **{f"pass-{code}": "1" for code in ANSWERED.passes},
    **{f"score-{code}": str(points) for code, points in ANSWERED.scores.items()},
}
"""The same as a browser sends it."""

CHECKED = list(ANSWERED.passes)
"""The author's own check, every point ticked."""
