"""A client certificate: shown where a server asks for it, and refused in words where it is of no use."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest
import trustme

from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.redaction.secret import Secret
from esignon_conformance.target.client_certificate import ClientCertificate

PASSWORD = "Key-Pass.77xQ"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Write a certificate, its key, the key under a password, both in one, and another key."""
    authority = trustme.CA()
    made, other = authority.issue_cert("client"), authority.issue_cert("other")
    made.private_key_pem.write_to_path(tmp_path / "key.pem")
    other.private_key_pem.write_to_path(tmp_path / "other.pem")
    made.cert_chain_pems[0].write_to_path(tmp_path / "client.pem")
    made.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    lock = ["openssl", "pkcs8", "-topk8", "-in", "key.pem", "-out", "locked.pem"]
    subprocess.run([*lock, "-passout", f"pass:{PASSWORD}"], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize(
    ("certificate", "key", "password"),
    [("client", "key", ""), ("both", None, ""), ("client", "locked", PASSWORD)],
)
def test_what_belongs_together_is_taken(
    certificate: str, key: str | None, password: str, files: Path
) -> None:
    of = files / f"{key}.pem" if key else None
    made = ClientCertificate(files / f"{certificate}.pem", of, Secret(password), "V")
    made.load(ssl.create_default_context())


@pytest.mark.parametrize(
    ("certificate", "key", "password", "kind"),
    [
        ("client", None, "", "unreadable"),
        ("client", "other", "", "mismatch"),
        ("client", "locked", "", "password"),
        ("client", "locked", "Wrong.88yR", "password"),
        ("nowhere", "key", "", "file"),
        ("client", "nowhere", "", "file"),
        ("key", "client", "", "unreadable"),
    ],
)
def test_what_is_of_no_use_is_told_in_words(
    certificate: str, key: str | None, password: str, kind: str, files: Path
) -> None:
    of = files / f"{key}.pem" if key else None
    made = ClientCertificate(files / f"{certificate}.pem", of, Secret(password), "MY_KEY_PASSWORD")
    with pytest.raises(ConfigurationError) as caught:
        made.load(ssl.create_default_context())
    assert not isinstance(caught.value.message, str)
    assert caught.value.message.key == f"config-client-{kind}"
    assert not password or password not in str(caught.value)
    assert ("MY_KEY_PASSWORD" in str(caught.value)) == (kind == "password")
