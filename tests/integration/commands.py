"""``relecture`` as a person types it: its commands, run in this process."""

from __future__ import annotations

from click.testing import CliRunner, Result

from web.cli import main


def run(*args: str) -> Result:
    """What ``relecture`` does with these arguments."""
    return CliRunner().invoke(main, list(args))


def create_admin(
    organisation: str,
    name: str = "Eva",
    email: str = "eva@example.org",
    password: bytes = b"a long pass phrase\n",
) -> Result:
    """What ``relecture admin create`` does with these answers."""
    return CliRunner().invoke(
        main,
        [
            "admin",
            "create",
            "--email",
            email,
            "--name",
            name,
            "--organisation",
            organisation,
            "--password-stdin",
        ],
        input=password,
    )
