"""The list of all blueprints, in the order of the navigation."""

from flask import Blueprint

from resource_hub.web import (
    account,
    browse,
    catalogue,
    files,
    health,
    home,
    my,
    resource,
    search,
    submit,
)
from resource_hub.web import help as help_pages

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.blueprint,
    search.blueprint,
    browse.blueprint,
    catalogue.blueprint,
    help_pages.blueprint,
    account.blueprint,
    health.blueprint,
    submit.blueprint,
    my.blueprint,
    resource.blueprint,
    files.blueprint,
)
