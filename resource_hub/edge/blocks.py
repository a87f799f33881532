"""Answer htmx with one block of a full page, so that a fragment and its page are one template."""

from typing import Any

from flask import current_app, request
from markupsafe import Markup


def wants_block(target: str) -> bool:
    """Whether htmx asks only for the element with the id ``target``.

    When it restores a page from its history it wants the whole page, whatever the target was.
    """
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Target") == target
        and "HX-History-Restore-Request" not in request.headers
    )


def render_block(template_name: str, block_name: str, **values: Any) -> Markup:  # Any: variables
    """Render one block of a template, with the variables that the page would have.

    Imports and assignments at the top of the template hold in the block: they are carried out by
    running the template up to its first output, which is where its layout begins.
    """
    template = current_app.jinja_env.get_template(template_name)
    current_app.update_template_context(values)
    context = template.new_context(values)
    next(iter(template.root_render_func(context)), None)
    return Markup("").join(Markup(piece) for piece in template.blocks[block_name](context))  # noqa: S704 - the template has escaped it
