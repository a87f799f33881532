"""The ``hub`` command: reads the settings, builds the application, hands over to the commands."""

import gc
import sys


def main() -> None:
    """Run one command; a problem with the settings is one sentence and exit code 2."""
    gc.disable()  # what is imported stays: to look through it again and again cost a quarter
    # of the start of every command, which is why the imports below stand here
    from config import ConfigError, Settings, read_env  # noqa: PLC0415 - see above
    from resource_hub.app import create_app  # noqa: PLC0415 - see above
    from resource_hub.cli import hub_command  # noqa: PLC0415 - see above

    gc.freeze()
    gc.enable()
    try:
        settings = Settings.from_env(read_env())
    except ConfigError as error:
        sys.stderr.write(f"Error: {error}\n")
        sys.exit(2)
    hub_command(prog_name="hub", obj=lambda: create_app(settings))


if __name__ == "__main__":
    main()
