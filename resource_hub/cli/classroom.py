"""The demo's teachers talk about each other's work and tell how it went in class."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from importlib import resources
from tomllib import loads

from resource_hub.cli.cast import Cast
from resource_hub.services.class_uses import Lesson, used_in_class
from resource_hub.services.discussion import comment
from resource_hub.services.ratings import rate
from resource_hub.services.unit_of_work import UnitOfWork

DAY = -2
EVENING = 20 * 60


def what_is_said(
    cast: Callable[[], Cast], numbers: Mapping[str, int]
) -> Iterator[tuple[int, Callable[[UnitOfWork], object]]]:
    """Day and play of the one evening on which all sit down to it.

    Args:
        cast: asked when the scene is played, for nobody has an account before.
        numbers: of the resources, by their keys; complete by then.
    """
    yield DAY, lambda uow: _talk(uow, cast(), numbers)


def _talk(uow: UnitOfWork, cast: Cast, numbers: Mapping[str, int]) -> None:
    """Say what stands in ``demo/data/talk.toml``."""
    said = loads(resources.files("resource_hub.demo.data").joinpath("talk.toml").read_text("utf-8"))
    for line in said["lesson"]:
        day = uow.today() - timedelta(days=line["days_ago"])
        lesson = Lesson(line["grade"], day, line["worked"], line["changed"])
        used_in_class(uow, cast.people[line["by"]], numbers[line["resource"]], lesson)
    before = None
    for line in said["comment"]:
        person, number = cast.people[line["by"]], numbers[line["resource"]]
        answered = before if line.get("answers") else None
        before = comment(uow, person, number, line["text"], reply_to=answered).id
    for line in said["stars"]:
        for account, stars in line["by"].items():
            rate(uow, cast.people[account], numbers[line["resource"]], stars)
