"""Secrets by name: what a feed list says is a name, the secret stays outside of list and lake.

`WIRETRACE_CREDENTIAL_<NAME>` in the environment, else the key `<name>` of a TOML file that
`WIRETRACE_CREDENTIALS` names and that nobody else may read. `user:password` is sent as Basic
(RFC 7617); `Bearer …` and any other scheme with a space as it stands.
"""

from __future__ import annotations

import base64
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

from transforms.fetch.failure import FetchFailed

FILE = "WIRETRACE_CREDENTIALS"
PREFIX = "WIRETRACE_CREDENTIAL_"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


def find_authorization(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """The value of the header `Authorization` for a credential.

    Raises:
        FetchFailed: `no_credential`; says where it was looked for. Never says the secret.
    """
    variable = PREFIX + name.upper()
    secret = environment.get(variable) or _in_file(name, environment.get(FILE))
    if secret is None:
        raise FetchFailed(
            "no_credential", f"credential {name!r}: set {variable}, or {name} in the file of {FILE}"
        )
    if not secret.isascii() or not secret.isprintable():
        raise FetchFailed("no_credential", f"credential {name!r} holds more than printable ASCII")
    if " " in secret:
        return secret
    if ":" not in secret:
        form = "USER:PASSWORD or Bearer TOKEN"
        raise FetchFailed("no_credential", f"credential {name!r} is not of the form {form}")
    return "Basic " + base64.b64encode(secret.encode()).decode()


def _in_file(name: str, file: str | None) -> str | None:
    if file is None:
        return None
    path = Path(file)
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise FetchFailed("no_credential", f"{file}: others may read it; chmod 600 {file}")
        secret = tomllib.loads(path.read_text("utf-8")).get(name)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        # What a TOML error quotes may be the secret.
        raise FetchFailed("no_credential", f"{file}: {type(error).__name__}") from None
    return secret if isinstance(secret, str) else None
