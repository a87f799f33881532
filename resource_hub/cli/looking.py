"""The demo's people open and download what they find."""

from collections.abc import Iterable, Mapping
from zlib import crc32

from resource_hub.demo.content import LIVE, DemoResource
from resource_hub.domain.review import Action
from resource_hub.services import usage
from resource_hub.services.unit_of_work import UnitOfWork


def look_around(
    uow: UnitOfWork, resources: Iterable[DemoResource], numbers: Mapping[str, int]
) -> None:
    """Count views and downloads of everything that is live.

    Nobody opened anything in truth, but a fresh hub could not show what "most used" means. So
    the service that counts is told of as many views and downloads as the resource's age and
    its key say; the same on every machine.

    Args:
        numbers: of the resources, by their keys.
    """
    for resource in resources:
        if resource.fate in LIVE:
            views, downloads = how_often_used(resource)
            for _ in range(views):
                usage.count_view(uow, numbers[resource.key])
            for _ in range(downloads):
                usage.count_download(uow, numbers[resource.key])


def how_often_used(resource: DemoResource) -> tuple[int, int]:
    """Views and downloads of a published resource; what has no file is never downloaded."""
    published = next(step.day for step in resource.steps if step.action is Action.APPROVE)
    luck = crc32(resource.key.encode())
    views = 2 + -published * (1 + luck % 5) // 8
    has_files = any(revision.files for revision in resource.revisions)
    return views, views * (20 + luck // 5 % 40) // 100 if has_files else 0
