"""Logging in to a mail server, in UTF-8, which smtplib cannot."""

import base64
import binascii
import hmac
import smtplib
import ssl
from typing import Final

_NO_SUCH_MECHANISM: Final = {500, 502, 504}


def log_in(smtp: smtplib.SMTP, user: str, password: str) -> int:
    """Offer user and password, and return the code of the server's last answer; 0 if it offers no login.

    Only one mechanism is tried where the server has it: a login that fails counts against the account.
    """
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    telling, hiding = [("PLAIN", _plain), ("LOGIN", _login)], [("CRAM-MD5", _cram_md5)]
    # Without encryption, first one that does not tell the password to whoever listens.
    encrypted = isinstance(smtp.sock, ssl.SSLSocket)
    code = 0
    for name, mechanism in telling + hiding if encrypted else hiding + telling:
        if name in offered:
            code = mechanism(smtp, user, password)
            # Servers that keep only hashes offer CRAM-MD5 and refuse every password.
            if not (code in _NO_SUCH_MECHANISM or (name == "CRAM-MD5" and code == 535)):
                break
    return code


def _plain(smtp: smtplib.SMTP, user: str, password: str) -> int:
    return smtp.docmd("AUTH", "PLAIN " + _base64(f"\0{user}\0{password}"))[0]


def _login(smtp: smtplib.SMTP, user: str, password: str) -> int:
    code, _ = smtp.docmd("AUTH", "LOGIN")
    for answer in (user, password):
        if code == 334:
            code, _ = smtp.docmd(_base64(answer))
    return code


def _cram_md5(smtp: smtplib.SMTP, user: str, password: str) -> int:
    code, challenge = smtp.docmd("AUTH", "CRAM-MD5")
    if code != 334:
        return code
    try:
        secret = base64.b64decode(challenge)
    except binascii.Error:  # not what the mechanism asks
        return 504
    digest = hmac.new(password.encode(), secret, "md5").hexdigest()
    return smtp.docmd(_base64(f"{user} {digest}"))[0]


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
