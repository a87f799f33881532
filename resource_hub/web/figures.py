"""Figures for appraisal: the own ones, those of a school, of an alliance, and the lists behind."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import HubError, Invalid, Missing, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.points import Figure
from resource_hub.domain.school_year import SchoolCalendar, Span
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.figure_words import choices
from resource_hub.edge.pages import LinkedPages
from resource_hub.edge.words import say
from resource_hub.services import figures_fixing as fixing
from resource_hub.services.figures import NO_FIGURES, Scope, may_see, places_of
from resource_hub.services.figures_files import files_of
from resource_hub.services.figures_lists import list_behind
from resource_hub.services.figures_rules import school_calendar
from resource_hub.services.figures_sheets import Sheet, alliance_sheet, own_sheets, school_sheet
from resource_hub.web.ages import today

blueprint = Blueprint("figures", __name__)


def chosen_period(calendar: SchoolCalendar) -> str:
    """That of the address, or the term that is running."""
    return request.args.get("period", "") or calendar.around(today())[Span.TERM].key


@blueprint.get("/my/figures")
def own() -> ResponseReturnValue:
    """The own figures, and what one has to say against them."""
    return show_own()


def show_own(
    error: HubError | None = None, period: str = "", objecting: Scope | None = None
) -> ResponseReturnValue:
    """The page; with ``error`` what was refused, and on which sheet."""
    person, session = require_person(), reading()
    usual = SchoolCalendar()
    key = period or chosen_period(usual)
    sheets = own_sheets(session, person, key, hub().zone)
    page = render_template(
        "figures/own.html",
        key=key,
        choices=choices(usual, today()),
        sheets=[
            (sheet, fixing.objections(session, person, _own_scope(person, sheet), key))
            for sheet in sheets
        ],
        figures=list(Figure),
        today=today(),
        person=person,
        objecting=objecting,
        typed=request.form if error else {},
        refusal=say(error) if isinstance(error, WrongState) else "",
        problems=error.problems if isinstance(error, Invalid) else (),
        answers_for_others=any(places_of(session, person)),
    )
    return page, status_of(error) if error else 200


def _own_scope(person: Person, sheet: Sheet) -> Scope:
    """The person alone, at the school of a sheet."""
    return Scope(sheet.alliance.id, sheet.school.id if sheet.school else 0, person.id)


@blueprint.post("/my/figures/<int:alliance_id>/<int:school_id>/<period>")
def object_to(alliance_id: int, school_id: int, period: str) -> ResponseReturnValue:
    """Say what is wrong with the own figures."""
    person = require_person()
    scope = Scope(alliance_id, school_id, person.id)
    try:
        with writing() as uow:
            fixing.object_to(uow, person, scope, period, request.form.get("note", ""))
    except (Invalid, WrongState) as error:
        return show_own(error, period, scope)
    flash(_("Your objection is with those who answer for the figures; they write back."), "success")
    return redirect(url_for(".own", period=period), code=303)


@blueprint.get("/figures")
def index() -> ResponseReturnValue:
    """The schools and alliances for whose figures the person answers."""
    person = require_person()
    alliances, schools = places_of(reading(), person)
    if not alliances and not schools:
        return redirect(url_for(".own"))
    around = SchoolCalendar().around(today())
    return render_template(
        "figures/index.html",
        alliances=alliances,
        schools=schools,
        term=around[Span.TERM].key,
        year=around[Span.SCHOOL_YEAR].key,
    )


@blueprint.get("/figures/<int:alliance_id>")
def to_period(alliance_id: int) -> ResponseReturnValue:
    """What the form for the period asks for: to its permanent address."""
    require_person()
    school_id = request.args.get("school", type=int)
    key = chosen_period(school_calendar(reading(), alliance_id))
    return redirect(sheet_address(alliance_id, key, school_id))


def sheet_address(alliance_id: int, period: str, school_id: int | None) -> str:
    """Of a school's sheet, or without one of the alliance's."""
    if school_id is None:
        return url_for("figures.alliance", alliance_id=alliance_id, period=period)
    return url_for("figures.school", alliance_id=alliance_id, period=period, school_id=school_id)


@blueprint.get("/figures/<int:alliance_id>/<period>")
def alliance(alliance_id: int, period: str) -> ResponseReturnValue:
    """An alliance's figures, school by school."""
    person, session = require_person(), reading()
    sheet = alliance_sheet(session, person, alliance_id, period, hub().zone)
    return render_template(
        "figures/alliance.html",
        sheet=sheet,
        key=period,
        choices=choices(school_calendar(session, alliance_id), today()),
        figures=list(Figure),
    )


@blueprint.get("/figures/<int:alliance_id>/<period>/schools/<int:school_id>")
def school(alliance_id: int, period: str, school_id: int) -> ResponseReturnValue:
    """A school's figures, person by person."""
    return show_school(alliance_id, period, school_id)


def show_school(
    alliance_id: int, period: str, school_id: int, error: HubError | None = None, answering: int = 0
) -> ResponseReturnValue:
    """The page; with ``error`` what was refused, and the words typed for one objection."""
    person, session = require_person(), reading()
    scope = Scope(alliance_id, school_id)
    sheet = school_sheet(session, person, scope, period, hub().zone)
    page = render_template(
        "figures/school.html",
        sheet=sheet,
        key=period,
        choices=choices(school_calendar(session, alliance_id), today()),
        figures=list(Figure),
        today=today(),
        objections=fixing.objections(session, person, scope, period),
        files=files_of(session, person, sheet.statement) if sheet.statement else (),
        answering=answering,
        typed=request.form if error else {},
        refusal=say(error) if isinstance(error, WrongState) else "",
        problems=error.problems if isinstance(error, Invalid) else (),
        sees_alliance=may_see(person, Scope(alliance_id)),
        person=person,
    )
    return page, status_of(error) if error else 200


@blueprint.get("/figures/<int:alliance_id>/<period>/list/<figure>")
def behind(alliance_id: int, period: str, figure: str) -> ResponseReturnValue:
    """What a figure is made of."""
    if figure not in set(Figure):
        raise Missing(NO_FIGURES)
    school_id = request.args.get("school", type=int)
    person_id = request.args.get("person", type=int)
    person = require_person()
    scope = Scope(alliance_id, school_id, person_id)
    listed = list_behind(
        reading(),
        person,
        scope,
        period,
        Figure(figure),
        zone=hub().zone,
        now=hub().now(),
        page=request.args.get("page", 1, type=int),
    )

    def page_address(number: int) -> str:
        return url_for(
            ".behind",
            alliance_id=alliance_id,
            period=period,
            figure=figure,
            school=school_id,
            person=person_id,
            page=number,
        )

    return render_template(
        "figures/list.html",
        listed=listed,
        key=period,
        pages=LinkedPages(listed.paging, page_address),
        is_own=person_id == person.id,
        of=listed.sheet.lines[0].name if person_id is not None and listed.sheet.lines else "",
        back=url_for(".own", period=period)
        if person_id == person.id
        else sheet_address(alliance_id, period, school_id),
    )
