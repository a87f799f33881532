"""Browse by subject, by grade, by school; inside each by the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import N_, Missing
from resource_hub.domain.taxonomy import Kind, Scheme
from resource_hub.edge.cards import shown
from resource_hub.edge.current import current_person, hub, reading, taxonomy
from resource_hub.edge.pages import LinkedPages
from resource_hub.edge.words import label
from resource_hub.services.queries import browse
from resource_hub.services.queries.axes import WAYS_IN, Axis
from resource_hub.services.queries.browse import Order
from resource_hub.services.queries.shelf_counts import count_shelf

blueprint = Blueprint("browse", __name__)

SCHEMES: Mapping[Axis, Scheme] = {
    Axis.SUBJECT: Scheme.SUBJECT,
    Axis.GRADE: Scheme.GRADE,
    Axis.STAGE: Scheme.SCHOOL_STAGE,
}

TITLES = {
    Axis.SUBJECT: N_("Browse by subject"),
    Axis.GRADE: N_("Browse by grade"),
    Axis.SCHOOL: N_("Browse by school"),
}

HEADINGS = {
    Axis.SUBJECT: N_("Subject"),
    Axis.GRADE: N_("Grade"),
    Axis.SCHOOL: N_("School"),
    Axis.STAGE: N_("Stage of school"),
    Axis.KIND: N_("Kind"),
}

ORDERS = {
    Order.NEWEST: N_("Newest first"),
    Order.TITLE: N_("By title"),
    Order.MOST_USED: N_("Most used first"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A choice with how much stands behind it."""

    label: str
    count: int
    url: str
    subject: str | None = None


@blueprint.get("/browse/<axis:axis>")
def index(axis: Axis) -> ResponseReturnValue:
    """All codes of one axis, in groups, with their counts."""
    groups = {Axis.SUBJECT: _subjects, Axis.GRADE: _grades, Axis.SCHOOL: _schools}
    if axis not in groups:
        raise Missing(N_("There is no such shelf."))
    return render_template(
        "browse/index.html",
        axis=axis,
        title=_(TITLES[axis]),
        groups=[(title, links) for title, links in groups[axis]() if links],
        axes=[(way, _(TITLES[way])) for way in WAYS_IN],
    )


def _subjects() -> list[tuple[str, list[Link]]]:
    """By stage of school; what belongs to every stage stands in a group of its own."""
    stages = taxonomy().offered(Scheme.SCHOOL_STAGE)
    counts = browse.counts_by_stage(
        reading(), hub().search, current_person(), hub().now(), [stage.code for stage in stages]
    )
    groups = []
    for stage in stages:
        links = [
            Link(
                label(term.code, "subject"),
                counts.get((stage.code, term.code), 0),
                url_for(".shelf", axis=Axis.SUBJECT, code=term.code, stage=stage.code),
                term.code,
            )
            for term in taxonomy().offered(Scheme.SUBJECT)
            if stage.code in term.stages
        ]
        groups.append((label(stage.code, "school_stage"), links))
    everywhere = [
        Link(
            label(term.code, "subject"),
            sum(number for (_stage, subject), number in counts.items() if subject == term.code),
            url_for(".shelf", axis=Axis.SUBJECT, code=term.code),
            term.code,
        )
        for term in taxonomy().offered(Scheme.SUBJECT)
        if not term.stages
    ]
    return [*groups, (_("At every stage"), everywhere)]


def _grades() -> list[tuple[str, list[Link]]]:
    counts = _counts(Axis.GRADE)
    return [
        (
            label(stage.code, "school_stage"),
            [
                Link(
                    label(term.code, "grade"),
                    counts.get(term.code, 0),
                    url_for(".shelf", axis=Axis.GRADE, code=term.code),
                )
                for term in taxonomy().offered(Scheme.GRADE, school_stage=stage.code)
            ],
        )
        for stage in taxonomy().offered(Scheme.SCHOOL_STAGE)
    ]


def _schools() -> list[tuple[str, list[Link]]]:
    counts = _counts(Axis.SCHOOL)
    return [
        (
            alliance or _("In no alliance"),
            [
                Link(name, counts.get(code, 0), url_for(".shelf", axis=Axis.SCHOOL, code=code))
                for code, name in schools.items()
            ],
        )
        for alliance, schools in browse.schools_by_alliance(reading())
    ]


@blueprint.get("/browse/<axis:axis>/<code>")
def shelf(axis: Axis, code: str) -> ResponseReturnValue:
    """What stands on one shelf, with the ways to choose further."""
    if axis not in WAYS_IN:
        raise Missing(N_("There is no such shelf."))
    name = shelf_name(axis, code)
    if name is None:
        raise Missing(N_("There is no such shelf."))
    asked = {other: request.args.get(other.value, "") for other in Axis if other is not axis}
    further = {other: value for other, value in asked.items() if value and shelf_name(other, value)}
    chosen = {axis: code} | further
    order = _order()
    found = browse.shelf(
        reading(),
        hub().search,
        current_person(),
        hub().now(),
        chosen,
        order=order,
        page=request.args.get("page", 1, type=int),
    )
    names = _names(chosen, found)

    def url(**changes: Any) -> str:  # Any: as url_for takes them
        """This page with other choices; a change of choice goes back to the first page."""
        kept: dict[str, Any] = {other.value: value for other, value in further.items()}  # Any: too
        kept |= {} if order is Order.NEWEST else {"sort": order.value}
        return url_for(".shelf", axis=axis, code=code, **(kept | changes))

    return render_template(
        "browse/shelf.html",
        axis=axis,
        code=code,
        name=name,
        axis_title=_(TITLES[axis]),
        cards=[shown(card) for card in found.cards],
        pages=LinkedPages(found.paging, lambda number: url(page=number)),
        chosen=[
            (names[other][value], url(**{other.value: None})) for other, value in further.items()
        ],
        clear_url=url(**dict.fromkeys(other.value for other in further)),
        choices=[
            (_(HEADINGS[other]), links)
            for other in Axis
            if other not in chosen
            and _is_a_choice(links := _links(other, names, found, url), found.paging.total)
        ],
        kept=[(other.value, value) for other, value in further.items()],
        orders=[(item.value, _(sentence)) for item, sentence in ORDERS.items()],
        order=order.value,
    )


def _counts(axis: Axis) -> Mapping[str, int]:
    counted = count_shelf(reading(), hub().search, current_person(), hub().now(), {}, (axis,))
    return counted.by[axis]


def _order() -> Order:
    wanted = request.args.get("sort", "")
    return Order(wanted) if wanted in set(Order) else Order.NEWEST


def shelf_name(axis: Axis, code: str) -> str | None:
    """The word for a code of any axis; None if there is no such thing."""
    if axis is Axis.SCHOOL:
        return browse.school_names(reading(), [code]).get(code)
    if axis is Axis.KIND:
        return label(code, "kind") if code in set(Kind) else None
    scheme = SCHEMES[axis]
    return label(code, scheme.value) if taxonomy().has(scheme, code) else None


def _links(
    axis: Axis,
    names: Mapping[Axis, Mapping[str, str]],
    found: browse.Shelf,
    url: Callable[..., str],
) -> list[Link]:
    return [
        Link(word, found.counts[axis][code], url(**{axis.value: code}))
        for code, word in names[axis].items()
        if code in found.counts[axis]
    ]


def _is_a_choice(links: Sequence[Link], total: int) -> bool:
    """Whether choosing among them would change what is shown."""
    return len(links) > 1 or any(link.count < total for link in links)


def _names(chosen: Mapping[Axis, str], found: browse.Shelf) -> dict[Axis, dict[str, str]]:
    """Code → word for everything that can be chosen on this page, in the order to show."""
    used = {axis: {*found.counts[axis], *filter(None, [chosen.get(axis)])} for axis in Axis}
    schools = browse.school_names(reading(), used[Axis.SCHOOL])
    names = {
        axis: {
            term.code: label(term.code, scheme.value)
            for term in taxonomy().terms
            if term.scheme is scheme and term.code in used[axis]
        }
        for axis, scheme in SCHEMES.items()
    }
    names[Axis.SCHOOL] = dict(
        sorted(schools.items(), key=lambda item: -found.counts[Axis.SCHOOL].get(item[0], 0))
    )
    names[Axis.KIND] = {
        kind.value: label(kind, "kind") for kind in Kind if kind.value in used[Axis.KIND]
    }
    return names
