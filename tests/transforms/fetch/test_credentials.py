"""Secrets by name: where they are looked for, and that no error says one."""

import base64

import pytest

from transforms.fetch.credentials import find_authorization
from transforms.fetch.failure import FetchFailed


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


def test_the_environment_comes_first(tmp_path):
    file = tmp_path / "secrets.toml"
    file.write_text('desk = "file:pass"\nfeed = "Bearer t0ken"\n')
    file.chmod(0o600)
    environment = {"WIRETRACE_CREDENTIAL_DESK": "env:pass", "WIRETRACE_CREDENTIALS": str(file)}
    assert find_authorization("desk", environment) == basic("env:pass")
    assert find_authorization("feed", environment) == "Bearer t0ken"
    del environment["WIRETRACE_CREDENTIAL_DESK"]
    assert find_authorization("desk", environment) == basic("file:pass")


@pytest.mark.parametrize("secret", ["s3cret", "u:s3crét", "u:s3cret\r\nX: y"])
def test_a_secret_of_no_form_is_refused_unsaid(secret):
    with pytest.raises(FetchFailed) as refused:
        find_authorization("desk", {"WIRETRACE_CREDENTIAL_DESK": secret})
    assert refused.value.reason == "no_credential"
    assert "s3cr" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "mode", "told"),
    [
        ('desk = "u:s3cret"', 0o644, "chmod 600"),
        ('desk = "u:s3cret', 0o600, "TOMLDecodeError"),
        ("desk = 1", 0o600, "set WIRETRACE_CREDENTIAL_DESK"),
        ('other = "u:s3cret"', 0o600, "set WIRETRACE_CREDENTIAL_DESK"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, text, mode, told):
    file = tmp_path / "secrets.toml"
    file.write_text(text)
    file.chmod(mode)
    with pytest.raises(FetchFailed) as refused:
        find_authorization("desk", {"WIRETRACE_CREDENTIALS": str(file)})
    assert told in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FetchFailed, match="FileNotFoundError"):
        find_authorization("desk", {"WIRETRACE_CREDENTIALS": str(tmp_path / "absent")})
