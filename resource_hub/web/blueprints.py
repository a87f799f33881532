"""The list of all blueprints, in the order of the navigation."""

from flask import Blueprint

from resource_hub.web import account, health

BLUEPRINTS: tuple[Blueprint, ...] = (account.blueprint, health.blueprint)
