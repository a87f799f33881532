"""The list of all blueprints, in the order of the navigation."""

from flask import Blueprint

from resource_hub.web import (
    account,
    admin,
    admin_import,
    admin_people,
    admin_schools,
    admin_terms,
    admin_words,
    browse,
    catalogue,
    files,
    health,
    home,
    my,
    resource,
    review,
    search,
    searches,
    submit,
    wishes,
)
from resource_hub.web import help as help_pages

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.blueprint,
    search.blueprint,
    browse.blueprint,
    catalogue.blueprint,
    searches.blueprint,
    help_pages.blueprint,
    account.blueprint,
    health.blueprint,
    submit.blueprint,
    my.blueprint,
    wishes.blueprint,
    review.blueprint,
    resource.blueprint,
    files.blueprint,
    admin.blueprint,
    admin_schools.blueprint,
    admin_people.blueprint,
    admin_import.blueprint,
    admin_terms.blueprint,
    admin_words.blueprint,
)
