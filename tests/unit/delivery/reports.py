"""Reports as mail servers write them (RFC 3464)."""

from __future__ import annotations

TO = "bounces+x@example.org"


def report(
    status: str,
    words: str = "smtp; 550 no such user",
    *,
    to: str = TO,
    action: str = "failed",
) -> bytes:
    """A report that the mail to ``lea@example.org`` came to this."""
    return f"""Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mx.example.net
To: {to}
Subject: x
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

Your mail could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Mon, 4 Jan 2027 09:00:00 +0000

Final-Recipient: rfc822; lea@example.org
Original-Recipient: rfc822;lea@example.org
Action: {action}
Status: {status}
Diagnostic-Code: {words}

--b
Content-Type: message/rfc822

Subject: Inès

Où en est Inès ?
--b--
""".replace("\n", "\r\n").encode()
