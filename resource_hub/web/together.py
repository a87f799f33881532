"""The bar below the inbox: one button for all lines that are ticked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from resource_hub.domain.errors import N_, Missing, Problem
from resource_hub.domain.people import Person
from resource_hub.edge.current import reading, require_person, writing
from resource_hub.edge.words import locale_name, say
from resource_hub.services.queries.small_changes import Alike, SmallChanges, small_changes
from resource_hub.services.queries.successors import handing_over
from resource_hub.services.together import MAX_NOTE, Chosen, Done, Together, act_on_each
from resource_hub.web.account import safe_next
from resource_hub.web.ages import today
from resource_hub.web.converters import row_number
from resource_hub.web.review_words import successor_choices

blueprint = Blueprint("together", __name__)

MOST = 100
"""Lines at once; a page shows fewer, so only a made-up form asks for more."""

MOST_NAMED = 5
"""Titles that a refusal names."""


@blueprint.post("/inbox/together")
def act() -> ResponseReturnValue:
    """Do it with each, say what was done and what was refused, and go back to the list."""
    person = require_person()
    name = request.form.get("act", "")
    if name not in set(Together):
        raise Missing(N_("There is no such button here."))
    wanted, chosen = Together(name), _chosen()
    back = safe_next(request.form.get("next") or url_for("inbox.to_review"))
    if not chosen:
        flash(_("Tick the lines first that you mean."), "warning")
        return redirect(back, code=303)
    if wanted is Together.APPROVE and _must_ask(person, chosen):
        return _ask(person, chosen, back)
    note, successor = request.form.get("note", ""), request.form.get("successor", type=int)
    if wanted is Together.HAND_OVER and (successor is None or len(note) > MAX_NOTE):
        return _ask_whom(person, chosen, back, note, successor)
    done = act_on_each(writing, person, chosen, wanted, successor=successor, note=note,
                       met=_met())  # fmt: skip
    _tell(wanted, done)
    return redirect(back, code=303)


def _must_ask(person: Person, chosen: Sequence[Chosen]) -> bool:
    """Asked until it is sure and everything is ticked that decides."""
    if "sure" not in request.form:
        return True
    return bool(_unticked(small_changes(reading(), person, [one.submission_id for one in chosen])))


def _chosen() -> list[Chosen]:
    """The ticked lines: ``submission:version``; what is no such pair is passed over."""
    found = {}
    for text in request.form.getlist("chosen")[:MOST]:
        number, _colon, seen = text.partition(":")
        try:
            chosen = Chosen(row_number(number), row_number(seen))
        except ValueError:
            continue
        found[chosen.submission_id] = chosen
    return list(found.values())


def _ask(person: Person, chosen: Sequence[Chosen], back: str) -> ResponseReturnValue:
    """Name what would be approved and ask what decides, for an approval cannot be taken back."""
    found = small_changes(reading(), person, [one.submission_id for one in chosen])
    if not found:
        flash(_scored_words(found) or _("Only small changes are approved together: open the others"
                                        " and judge them."), "warning")  # fmt: skip
        return redirect(back, code=303)
    problems = _unticked(found) if "sure" in request.form else []
    seen = {one.submission_id: one.seen for one in chosen}
    page = render_template(
        "inbox/sure.html",
        number=len(found),
        groups=[_shown_group(number, group, seen) for number, group in enumerate(found.groups)],
        scored=_scored_words(found),
        left=len(chosen) - len(found) - len(found.scored),
        met=_ticked(),
        problems=problems,
        back=back,
    )
    return (page, 422) if problems else page


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """Small changes of which the same is asked, with the criteria in the reader's language."""

    field: str
    chosen: Sequence[tuple[str, str, int]]
    """The value of its box, title, submission."""
    criteria: Sequence[tuple[str, str, str]]
    """The value of its box, name, what it means."""


def _shown_group(number: int, group: Alike, seen: Mapping[int, int | None]) -> ShownGroup:
    locale = locale_name()
    return ShownGroup(
        _field(number),
        [(f"{each}:{seen[each]}", title, each) for each, title in group.titles.items()],
        [
            (f"{group.form.digest}:{item.code}", item.label(locale), item.note(locale))
            for item in group.criteria
        ],
    )


_FIELD = "met-"


def _field(number: int) -> str:
    return f"{_FIELD}{number}"


def _ticked() -> list[str]:
    """Values of criteria, whatever the number of their group was on the page."""
    return [
        value
        for name in request.form
        if name.startswith(_FIELD)
        for value in request.form.getlist(name)
    ]


def _met() -> dict[str, set[str]]:
    """The ticked criteria by the digest of their form: ``digest:code``."""
    found: dict[str, set[str]] = {}
    for text in _ticked():
        digest, _colon, code = text.partition(":")
        found.setdefault(digest, set()).add(code)
    return found


def _unticked(found: SmallChanges) -> list[Problem]:
    """Where a criterion is left open by which the rules decide."""
    met = _met()
    return [
        Problem(
            _field(number),
            N_(
                "Tick each criterion that all of these meet. What does not meet one cannot pass:"
                " open it and judge it by itself."
            ),
        )
        for number, group in enumerate(found.groups)
        if not group.asked <= met.get(group.form.digest, set())
    ]


def _scored_words(found: SmallChanges) -> str:
    """Why some must be opened; empty where there are none."""
    titles = [_("“%(title)s”", title=title) for title in found.scored.values()]
    if not titles:
        return ""
    words = ngettext(
        "By its rules the scores decide too, and they are given one by one. Open it and judge"
        " it: %(titles)s",
        "By their rules the scores decide too, and they are given one by one. Open them and"
        " judge them: %(titles)s",
        len(titles),
        titles=_(", ").join(titles[:MOST_NAMED]),
    )
    return str(words)


def _ask_whom(
    person: Person, chosen: Sequence[Chosen], back: str, note: str, successor: int | None
) -> ResponseReturnValue:
    """To whom, and with what word; asked again until both can be used."""
    asked_before = "note" in request.form
    problems = []
    if asked_before and successor is None:
        problems.append(Problem("successor", N_("Choose a person from the list.")))
    if len(note) > MAX_NOTE:
        sentence = N_("At most %(limit)s characters; this has %(length)s.")
        problems.append(Problem("note", sentence, {"limit": MAX_NOTE, "length": len(note)}))
    found = handing_over(reading(), person, [one.submission_id for one in chosen], today())
    if not found.titles:
        flash(_("None of these is yours to hand over: you do not have it to review."), "warning")
        return redirect(back, code=303)
    page = render_template(
        "inbox/hand_over.html",
        chosen=[
            (f"{one.submission_id}:{one.seen}", found.titles[one.submission_id], one.submission_id)
            for one in chosen
            if one.submission_id in found.titles
        ],
        left=sum(one.submission_id not in found.titles for one in chosen),
        successors=successor_choices(found.people),
        successor=successor,
        note=note,
        most=MAX_NOTE,
        problems=problems,
        back=back,
    )
    return (page, 422) if problems else page


def _tell(act: Together, done: Sequence[Done]) -> None:
    """One sentence for what was done, and one for each reason of a refusal."""
    number = sum(one.refusal is None for one in done)
    if number:
        flash(_happened(act, number), "success")
    reasons: dict[str, list[str]] = {}
    for one in done:
        if one.refusal is not None:
            reasons.setdefault(say(one.refusal), []).append(one.title)
    for reason, titles in reasons.items():
        named = [_("“%(title)s”", title=title) for title in titles if title]
        listed = _(", ").join(named[:MOST_NAMED])
        flash(_("%(what)s: %(why)s", what=listed, why=reason) if named else reason, "warning")


def _happened(act: Together, number: int) -> str:
    if act is Together.CLAIM:
        return str(ngettext("%(num)s is yours to judge now.", "%(num)s are yours to judge now.",
                            number))  # fmt: skip
    if act is Together.RELEASE:
        return str(ngettext("%(num)s is given back; another reviewer takes over.",
                            "%(num)s are given back; other reviewers take over.",
                            number))  # fmt: skip
    if act is Together.HAND_OVER:
        return str(ngettext("%(num)s is handed over.", "%(num)s are handed over.", number))
    if act is Together.APPROVE:
        return str(ngettext("%(num)s small change is approved.",
                            "%(num)s small changes are approved.", number))  # fmt: skip
    return str(ngettext("The reviewers of %(num)s submission are reminded.",
                        "The reviewers of %(num)s submissions are reminded.", number))  # fmt: skip
