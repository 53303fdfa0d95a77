"""Which Chromium the browser tests drive: one that is there, else one installed (apt when root
on Debian, else Playwright's)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def path() -> str | None:
    """The executable of an installed Chromium; None means Playwright's own."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (MACOS if shutil.which(MACOS) else None)


def install() -> None:
    """Install one when there is none. Raises ``CalledProcessError`` when that fails."""
    if path():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "chromium"], check=True, stdout=subprocess.DEVNULL
        )
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    install()
