"""What makes programs believe an authority: for each language the line to type.

Rule: a line holds for one shell, command or container. Only where a program asks its system, as Go and .NET
do on macOS and Windows, does it change what the user's own account believes.
"""

import shlex
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

URL: Final = "https://localhost:8443"
STORE: Final = "usagetwin.p12"
JAVA: Final = f"-Djavax.net.ssl.trustStore={STORE} -Djavax.net.ssl.trustStorePassword=changeit"
KEYTOOL: Final = f"-keystore {STORE} -storetype PKCS12 -storepass changeit"
COPY: Final = "usagetwin.crt"  # for a container, whose user may be another than the file's owner
INSIDE: Final = f"/usr/local/share/ca-certificates/{COPY}"
IN_CONTAINER: Final = " ".join(
    f"-e {name}={INSIDE}" for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
)


def lines(file: str, system: str = sys.platform) -> "Iterator[tuple[str, tuple[str, ...]]]":
    """Give programs, and for each what to type; in the words of a POSIX shell, or of PowerShell."""
    windows = system == "win32"
    quoted = _powershell if windows else shlex.quote
    path = quoted(file)

    def variables(*names: str, value: str = file) -> str:
        if windows:
            return "; ".join(f"$env:{name} = {quoted(value)}" for name in names)
        return "export " + " ".join(f"{name}={quoted(value)}" for name in names)

    one_file = variables("SSL_CERT_FILE")
    asks_its_system = {
        "win32": f"Import-Certificate -FilePath {path} -CertStoreLocation Cert:\\CurrentUser\\Root",
        "darwin": f"security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db {path}",
    }.get(system, one_file)
    copy = f"Copy-Item {path} {COPY}" if windows else f"install -m 644 {path} {COPY}"
    volume = f'"{"${PWD}" if windows else "$PWD"}/{COPY}:{INSIDE}:ro"'
    yield "curl", (f"{'curl.exe' if windows else 'curl'} --cacert {path} {URL}",)
    yield "Python (ssl, httpx, requests)", (variables("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"),)
    yield "Node", (variables("NODE_EXTRA_CA_CERTS"),)
    import_it = f"keytool -importcert -noprompt -alias usagetwin -file {path} {KEYTOOL}"
    yield "Java", (import_it, variables("JAVA_TOOL_OPTIONS", value=JAVA))
    yield "Go", (asks_its_system,)
    yield "Ruby", (one_file,)
    yield "PHP", (f"php -d {quoted(f'curl.cainfo={file}')} -d {quoted(f'openssl.cafile={file}')} SCRIPT.php",)
    yield ".NET", (asks_its_system,)
    yield "Docker", (copy, f"docker run -v {volume} {IN_CONTAINER} IMAGE")


def _powershell(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
