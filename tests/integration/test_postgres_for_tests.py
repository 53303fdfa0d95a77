"""The PostgreSQL that the tests start: whose programs it may be, and how it ends."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine

from tests import postgres

USER = """
import sys
from pathlib import Path
from tests import postgres
print(postgres.shared(Path(sys.argv[1]), Path(sys.argv[2])), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("programs", [postgres.binaries(), postgres.wheel()])
def test_a_server_is_shared_and_ends_when_the_last_of_its_users_was_killed(programs: Path) -> None:
    folder = postgres.home(uuid4().hex)
    users = [
        subprocess.Popen(
            [sys.executable, "-c", USER, folder, programs],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        [address] = {str(user.stdout and user.stdout.readline()).strip() for user in users}
        users[0].kill()
        engine = create_engine(address.format("postgres"))
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW timezone").scalar() == "America/Toronto"
        engine.dispose()
    finally:
        for user in users:
            user.kill()
            user.communicate()
    while folder.exists():
        time.sleep(0.02)
