"""The administration's front page, what was set aside, and a school's page for its coordinator."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from resource_hub.domain.errors import N_
from resource_hub.domain.people import Person
from resource_hub.domain.taxonomy import Scheme
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.files import SENTENCES
from resource_hub.files.office_to_pdf import OfficeState, office_state
from resource_hub.services.queries.contributions import school_page
from resource_hub.services.queries.members import managed_schools
from resource_hub.services.queries.overview import overview
from resource_hub.services.queries.safekeeping import is_late, last_backup, last_verification
from resource_hub.services.queries.unread_files import unread_files
from resource_hub.services.quotas import school_room
from resource_hub.services.upkeep import read_again, try_again
from resource_hub.web.ages import days_since
from resource_hub.web.converters import row_number

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

OFFICE_WORDS = {
    OfficeState.DRAWS: N_("LibreOffice draws the pages of office files as their authors see them."),
    OfficeState.MISSING: N_(
        "LibreOffice is not installed on this machine: the pages of office files are set by the "
        "hub itself, words and pictures without their layout."
    ),
    OfficeState.NOT_LOCKED: N_(
        "LibreOffice is installed and not asked: the kernel of this machine cannot keep it from "
        "other files (it takes Linux 5.13 or newer, with Landlock). The pages of office files are "
        "set by the hub itself, words and pictures without their layout."
    ),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the links at the head of the administration's pages."""

    label: str
    url: str
    is_here: bool


@blueprint.app_template_global("admin_tabs")
def admin_tabs(section: str) -> list[Tab]:
    """Where this person may go: everything, or the own school and its people."""
    people = ("people", _("People"), url_for("admin_people.members"))
    if require_person().is_administrator:
        terms = url_for("admin_terms.terms", scheme=Scheme.SUBJECT)
        places = [
            ("overview", _("Overview"), url_for("admin.index")),
            ("schools", _("Schools"), url_for("admin_schools.schools")),
            ("alliances", _("Alliances"), url_for("admin_schools.alliances")),
            people,
            ("policies", _("What must be passed"), url_for("admin_policies.index")),
            ("holidays", _("Holidays"), url_for("admin_holidays.index")),
            ("terms", _("Terms"), terms),
            ("forms", _("Form of reviews"), url_for("admin_forms.form", kind="all")),
            ("words", _("Words for search"), url_for("admin_words.words")),
            ("safety", _("Safekeeping"), url_for("admin_safety.safety")),
            ("jobs", _("Queue"), url_for("admin.jobs")),
        ]
    else:
        places = [("schools", _("My school"), url_for("admin.index")), people]
    return [Tab(word, url, name == section) for name, word, url in places]


@blueprint.get("")
def index() -> ResponseReturnValue:
    """How the hub is doing; for a coordinator, how the own school is doing."""
    person = require_person()
    if not person.is_administrator:
        schools = managed_schools(reading(), person)
        return redirect(url_for(".school", school_id=schools[0][0]), code=303)
    now, checked, backup = hub().now(), last_verification(reading()), last_backup(reading())
    return render_template(
        "admin/index.html",
        status=overview(reading(), person, now),
        office=_(OFFICE_WORDS[office_state()]),
        faults=checked.faults if checked else 0,
        backup=backup,
        backup_is_late=is_late(backup.at if backup else None, now),
    )


@blueprint.get("/schools/<int:school_id>")
def school(school_id: int) -> ResponseReturnValue:
    """What is under review, who holds it, and who has shared how much."""
    person = require_person()
    page = school_page(reading(), person, school_id)
    return render_template(
        "admin/school.html",
        page=page,
        room=school_room(reading(), school_id, hub().limits.quotas),
        others=_other_schools(person, school_id),
        lines=[(line, days_since(line.waiting_since)) for line in page.under_review],
        contributors=[each for each in page.contributions if each.submitted or each.published],
        others_count=sum(not (each.submitted or each.published) for each in page.contributions),
    )


def _other_schools(person: Person, school_id: int) -> list[tuple[int, str]]:
    """The further schools of someone who coordinates several."""
    return [each for each in managed_schools(reading(), person) if each[0] != school_id]


@blueprint.get("/jobs")
def jobs() -> ResponseReturnValue:
    """How long the queue is, and what has failed for good."""
    person = require_person()
    return render_template(
        "admin/jobs.html",
        status=overview(reading(), person, hub().now()),
        words=JOB_WORDS,
        unread=unread_files(reading(), person),
        reasons=SENTENCES,
    )


@blueprint.post("/jobs")
def try_again_with() -> ResponseReturnValue:
    """Give one job, or all that were set aside, another try; likewise a file."""
    person = require_person()
    if "file" in request.form:
        with writing() as uow:
            number = read_again(uow, person, request.form.getlist("file"))
        flash(
            ngettext("%(num)s file is read again.", "%(num)s files are read again.", number),
            "success",
        )
        return redirect(url_for(".jobs"), code=303)
    chosen = request.form.getlist("job", type=row_number)
    with writing() as uow:
        number = try_again(uow, person, None if request.form.get("all") else chosen)
    flash(
        ngettext("%(num)s job is tried again.", "%(num)s jobs are tried again.", number),
        "success",
    )
    return redirect(url_for(".jobs"), code=303)


JOB_WORDS = {
    "catalogue": N_("Prepare the issue of the month"),
    "compare": N_("Compare a work with the others"),
    "film": N_("Make a film that browsers play"),
    "index": N_("Bring search up to date"),
    "inspect": N_("Look into a file"),
    "issue_files": N_("Make the files of an issue"),
    "issue_out": N_("Tell the alliance of an issue"),
    "letters": N_("Write the letters of the morning"),
    "looks": N_("Find pages that look different"),
    "mail_invitation": N_("Mail an invitation"),
    "mail_letter": N_("Send a letter of the morning"),
    "mail_notice": N_("Mail a notice"),
    "mail_password": N_("Send a password link"),
    "page_prints": N_("Look how the pages of a file look"),
    "pages": N_("Draw pages of a file that somebody waits for"),
    "post_card": N_("Post the card of an issue to a group"),
    "preview": N_("Draw the first pages of a file"),
    "rebalance": N_("Even out what reviewers have to do"),
    "recognise": N_("Recognise text in pictures"),
    "review_clock": N_("Remind reviewers, and ask others"),
    "round_closes": N_("Remind people that a discussion closes"),
    "round_minutes": N_("Make the minutes of a discussion a PDF"),
    "round_opens": N_("Tell the alliance of a discussion"),
    "scan": N_("Look for viruses in a file"),
    "statement_files": N_("Make the files of fixed figures"),
    "tidy": N_("Remove what nothing uses any more"),
    "turns": N_("Look again at what somebody has to review"),
    "verify": N_("Read every file and compare"),
}
"""What each kind of job does."""
