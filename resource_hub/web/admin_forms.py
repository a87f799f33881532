"""The form of a review, for administrators: for all kinds of resource, or one of them."""

import re
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import N_, Invalid, Missing
from resource_hub.domain.review_form import LOCALES, MAX_LABEL, MAX_NOTE, Form, Item
from resource_hub.domain.taxonomy import KIND_LABELS, Kind
from resource_hub.edge.current import reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.services import review_forms
from resource_hub.services.organisations import require_administrator
from resource_hub.services.review_forms import ALL_KINDS

blueprint = Blueprint("admin_forms", __name__, url_prefix="/admin/forms")

PARTS = ("criteria", "scores")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,38}")


def _kind(word: str) -> Kind | None:
    if word != ALL_KINDS and word not in set(Kind):
        raise Missing(N_("There is no such kind of resource."))
    return None if word == ALL_KINDS else Kind(word)


@blueprint.get("/<kind>")
def form(kind: str) -> ResponseReturnValue:
    """The form as it is in use, line by line."""
    return _form(kind)


def _form(
    kind: str, typed: Form | None = None, error: Invalid | None = None
) -> ResponseReturnValue:
    require_administrator(require_person())
    chosen = _kind(kind)
    used = review_forms.forms_in_use(reading())
    shown = typed or used.get(kind) or used.get(ALL_KINDS) or review_forms.shipped_form()
    page = render_template(
        "admin/form.html",
        kind=kind,
        kind_label=_(KIND_LABELS[chosen]) if chosen else _("All kinds"),
        kinds=[
            (ALL_KINDS, _("All kinds")),
            *((each.value, _(words)) for each, words in KIND_LABELS.items()),
        ],
        own=set(used),
        parts=[("criteria", _("Criteria"), shown.criteria), ("scores", _("Scores"), shown.scores)],
        limits={"label": MAX_LABEL, "note": MAX_NOTE},
        problems=error.problems if error else (),
    )
    return page, status_of(error) if error else 200


@blueprint.post("/<kind>")
def change(kind: str) -> ResponseReturnValue:
    """Use the form as it was sent; or give up the own form of this kind."""
    person, chosen = require_person(), _kind(kind)
    if "drop" in request.form:
        with writing() as uow:
            review_forms.drop_form(uow, person, chosen)
        flash(_("The form is as it was shipped, or as for all kinds."), "success")
        return redirect(url_for(".form", kind=kind), code=303)
    typed = Form(*(_items(part) for part in PARTS))
    try:
        with writing() as uow:
            review_forms.change_form(uow, person, chosen, typed)
    except Invalid as error:
        return _form(kind, typed, error)
    flash(_("The form is changed. Reviews that were given keep the form they were given on."),
          "success")  # fmt: skip
    return redirect(url_for(".form", kind=kind), code=303)


def _items(part: str) -> tuple[Item, ...]:
    """The lines of one part in the order of their numbers; what is ticked to go is left out."""
    sent = request.form
    codes = [code for code in sent.getlist(f"{part}-code") if _CODE.fullmatch(code)]
    found: list[tuple[int, Item]] = []
    for position, code in enumerate(dict.fromkeys(codes)):
        here = f"{part}-{code}"
        item = Item(code, _words(f"{here}-label"), _words(f"{here}-note"))
        is_new = code.startswith("new_")
        if sent.get(f"{here}-drop") or (is_new and not any(item.labels.values())):
            continue
        found.append((sent.get(f"{here}-place", position + 1, type=int), item))
    taken = set(codes)
    return tuple(_named(item, taken) for _place, item in sorted(found, key=lambda pair: pair[0]))


def _named(item: Item, taken: set[str]) -> Item:
    """A new line gets a code that no line of the page has."""
    if not item.code.startswith("new_"):
        return item
    number = next(each for each in range(1, 999) if f"line_{each}" not in taken)
    taken.add(f"line_{number}")
    return Item(f"line_{number}", item.labels, item.notes)


def _words(name: str) -> Mapping[str, str]:
    """By locale; where nothing was given, the simplified words."""
    given = {
        locale: " ".join(request.form.get(f"{name}-{locale}", "").split()) for locale in LOCALES
    }
    return {locale: given[locale] or given["zh_Hans"] for locale in LOCALES}
