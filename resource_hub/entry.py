"""The ``hub`` command: reads the settings, builds the application, hands over to the commands."""

import sys

from config import ConfigError, Settings, read_env
from resource_hub.app import create_app
from resource_hub.cli import hub_command


def main() -> None:
    """Run one command; a problem with the settings is one sentence and exit code 2."""
    try:
        settings = Settings.from_env(read_env())
    except ConfigError as error:
        sys.stderr.write(f"Error: {error}\n")
        sys.exit(2)
    hub_command(prog_name="hub", obj=lambda: create_app(settings))


if __name__ == "__main__":
    main()
