"""The colours of subjects where no style sheet reaches: on pictures that the hub draws."""

SUBJECT_COLOURS = (
    "#711d6d", "#707eab", "#762f06", "#2a3c97", "#3bb5a1", "#5e78d9", "#742945", "#b96558",
    "#435ab8", "#42acd2", "#944561", "#e18528", "#7a97fb", "#48658b", "#bf9572", "#905211",
)  # fmt: skip
"""Number 1 to 16 of ``context.subject_colour``, as ``css/shelf.css`` has them on paper."""
