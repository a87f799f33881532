"""The words of notices, in the hub and by mail."""

from collections.abc import Mapping

from resource_hub.domain.errors import N_

NOTICES: Mapping[str, str] = {
    "assigned": N_("“%(title)s” is yours to review, until %(due)s."),
    "handed_over": N_(
        "%(by)s hands “%(title)s” over to you; it is to be reviewed until %(due)s. %(comment)s"
    ),
    "relieved": N_("You need not review “%(title)s” any more: somebody else was faster."),
    "evened_out": N_(
        "You need not review “%(title)s”: you have much to do, and %(comment)s, who has less, was"
        " given it."
    ),
    "due_soon": N_("“%(title)s” is due on the next working day, %(due)s; it is yours to review."),
    "due_today": N_("“%(title)s” is due today; it is yours to review."),
    "late": N_(
        "“%(title)s” was due on %(due)s. Review it today, or hand it over; else somebody else is"
        " asked."
    ),
    "review_late": N_(
        "The review of “%(title)s” was due on %(due)s; %(comment)s has it. Ask, or see that it is"
        " handed over."
    ),
    "guest_late": N_(
        "The opinion of %(comment)s, whom you invited to judge “%(title)s”, was wanted by %(due)s."
        " Ask, or invite somebody else."
    ),
    "passed_on": N_("“%(title)s” was late, and somebody else is asked to review it now."),
    "reviewer_away": N_(
        "%(comment)s, who has “%(title)s” to review, is on leave until %(due)s. If somebody else is"
        " available, they are asked now; else see that it is handed over."
    ),
    "away_passed_on": N_("You are on leave: somebody else is asked to review “%(title)s” now."),
    "stands_aside": N_(
        "You are the author's mentor or mentee now, so somebody else is asked to review"
        " “%(title)s”."
    ),
    "no_reviewer": N_(
        "You do not review this here any more, so somebody else is asked to review “%(title)s”."
    ),
    "nobody_available": N_(
        "Nobody is available to review “%(title)s”. See that it is handed over to somebody, or that"
        " reviewers are appointed."
    ),
    "claim": N_("%(by)s has begun to review “%(title)s”."),
    "release": N_("%(by)s has given “%(title)s” back; another reviewer will take it."),
    "approve": N_("%(by)s approved “%(title)s”; one more approval is needed."),
    "one_judged": N_("%(by)s has judged “%(title)s”; you read it when all have decided."),
    "all_request_changes": N_("The reviewers ask for changes to “%(title)s”:\n%(comment)s"),
    "all_reject": N_("The reviewers rejected “%(title)s”:\n%(comment)s"),
    "marks_too_low": N_(
        "The reviewers’ marks for “%(title)s” are below what may pass: improve it and submit it"
        " again. %(comment)s"
    ),
    "passed_stage": N_(
        "“%(title)s” has passed the school's review (%(by)s) and goes to the alliance."
    ),
    "published": N_("“%(title)s” is published. %(by)s approved it."),
    "request_changes": N_("%(by)s asks for changes to “%(title)s”: %(comment)s"),
    "reject": N_("%(by)s rejected “%(title)s”: %(comment)s"),
    "found_alike": N_(
        "The alliance has something like “%(title)s”. Say how the two are related; the reviewers"
        " see it."
    ),
    "hidden_alike": N_(
        "“%(title)s” is like a work that its author may not read. You may read both: look at the"
        " passages side by side."
    ),
    "co_author": N_("%(by)s names you as a co-author of “%(title)s”; its page is open to you."),
    "issue_out": N_(
        "%(title)s: the catalogue of %(month)s is published, %(count)s resources. %(comment)s"
    ),
    "round_opens": N_(
        "%(title)s discusses the catalogue of %(month)s, until %(closes)s: read, try, and say what"
        " you think. %(comment)s"
    ),
    "round_closes": N_(
        "The discussion of %(title)s on the catalogue of %(month)s closes %(closes)s. Is anything"
        " still to be said?"
    ),
    "round_moved": N_(
        "The discussion of %(title)s on the catalogue of %(month)s has other dates: from %(opens)s"
        " to %(closes)s."
    ),
    "round_called_off": N_(
        "The discussion of %(title)s on the catalogue of %(month)s is called off. %(comment)s"
    ),
    "task_asked": N_("After the discussion %(by)s asks you to work on “%(title)s”: %(comment)s"),
    "task_done": N_("A task on “%(title)s” is done; look at it and confirm it: %(comment)s"),
    "task_back": N_("%(by)s has opened your task on “%(title)s” again: %(comment)s"),
    "figures_objection": N_(
        "%(by)s objects to the own figures of %(period)s at %(title)s: %(comment)s"
    ),
    "figures_answer": N_("%(by)s answers your objection to the figures of %(period)s: %(comment)s"),
    "figures_fixed": N_("%(by)s has fixed the figures of %(period)s at %(title)s. %(comment)s"),
    "wish_answered": N_("Your wish “%(comment)s” is answered: “%(title)s” (%(by)s)."),
    "issue_built": N_(
        "The draft of %(title)s's catalogue of %(month)s is ready, with %(count)s entries: choose"
        " its highlights, write a preface, publish it."
    ),
    "virus": N_(
        "A virus was found in a file of “%(title)s” (%(comment)s). Nobody can fetch it: remove it,"
        " clean your computer, and upload a good one."
    ),
    "virus_of_others": N_(
        "A virus was found in a file of “%(title)s” (%(comment)s). Nobody can fetch it, and its"
        " author has been told."
    ),
    "message": N_("%(by)s wrote to you about “%(title)s”: %(comment)s"),
    "remark_answered": N_("%(by)s answered your remarks on “%(title)s”: %(comment)s"),
    "post_answer": N_("%(by)s answered what you said of “%(title)s”: %(comment)s"),
    "post_mention": N_("%(by)s names you in the talk about “%(title)s”: %(comment)s"),
    "post_on_work": N_("%(by)s comments on your work “%(title)s”: %(comment)s"),
    "class_use": N_("%(by)s used your work “%(title)s” in class. %(comment)s"),
    "post_hidden": N_(
        "%(by)s has hidden what you said of “%(title)s”; others see only that something was hidden."
        " The reason: %(comment)s"
    ),
    "post_shown": N_("%(by)s shows again what you said of “%(title)s”."),
    "post_reported": N_("%(by)s asks you to look at a post about “%(title)s”: %(comment)s"),
    "remind": N_("%(by)s asks you to look at “%(title)s”: it waits for your review."),
    "withdraw": N_("%(by)s took “%(title)s” down: %(comment)s"),
}
"""By kind of notice; the values are those of ``services.notices.tell``.

Where words end with what was said (``%(comment)s``), a mail shows that apart, as Markdown.
"""

SAID_BESIDE = frozenset({"published", "passed_stage"})
"""Kinds whose mail shows what was said although their sentence does not. Not ``approve``: while
other opinions are awaited, what one reviewer wrote is shown to nobody."""
