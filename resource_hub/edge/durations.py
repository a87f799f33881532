"""How long something takes, and where in it something is said: 3:20, 1:02:03."""


def clock(seconds: float) -> str:
    """Minutes and seconds, as players write them; hours where there are any."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
