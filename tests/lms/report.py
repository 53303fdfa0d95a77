"""What is asked for on the command line, and what is said of each step: no browser, no Moodle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

USAGE = """\
make lms-moodle DIR=… URL=…   drives a Moodle that you installed for tests.

  DIR   its code, where config.php is; `php` must run there, as whoever may read that file
  URL   its address, as in its config.php, such as http://localhost:8080

  MOODLE_PASSWORD   the password of its administrator (in the environment)
  MOODLE_ADMIN      their name there, if it is not admin

It makes courses, three people and a tool there, opens HTTP security to our port, and undoes all
of that in the end. Moodle must reach this machine's 127.0.0.1. Never use a Moodle that matters.
"""


@dataclass(frozen=True)
class Wanted:
    """Which Moodle to drive, and as whom."""

    folder: Path
    url: str
    admin: str
    password: str


def wanted(arguments: Sequence[str], environment: Mapping[str, str]) -> Wanted | None:
    """What a command line asks for; None if something is missing or is no Moodle's."""
    if len(arguments) != 2 or not all(arguments):
        return None
    folder, url = Path(arguments[0]), arguments[1].rstrip("/")
    password = environment.get("MOODLE_PASSWORD", "")
    if not url.startswith(("http://", "https://")) or not password:
        return None
    return Wanted(folder, url, environment.get("MOODLE_ADMIN", "admin"), password)


@dataclass
class Report:
    """What held and what did not, step by step; ``say`` prints each line as it comes."""

    say: Callable[[str], None]
    held: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def step(self, name: str, do: Callable[[], object], after: str | None = None) -> None:
        """Tries one thing, unless the step that it comes after did not hold. Whatever goes wrong
        is told, and does not keep the next one from being tried."""
        if after is not None and after not in self.held:
            self.left_out.append(name)
            self.say(f"left out  {name}: it comes after “{after}”")
            return
        try:
            do()
        except Exception as wrong:
            self.failed.append(name)
            self.say(f"FAILED    {name}: {_one_line(wrong)}")
        else:
            self.held.append(name)
            self.say(f"held      {name}")

    def end(self) -> int:
        """Says how many held; the exit code, 0 if all did and there were any."""
        counts = f"{len(self.held)} held, {len(self.failed)} failed, {len(self.left_out)} left out."
        self.say(counts)
        return 0 if self.held and not self.failed and not self.left_out else 1


def _one_line(wrong: Exception) -> str:
    said = " ".join(str(wrong).split()) or type(wrong).__name__
    return said[:300]
