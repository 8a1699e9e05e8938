"""The authority's certificate where everybody may read it: other users, and containers that share a volume.

Rule: nothing with a key is written here, and nothing into the folder that holds the key.
"""

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Final

from usagetwin.errors import SettingError, readable
from usagetwin.tls.believed import bundle

if TYPE_CHECKING:
    from usagetwin.tls.kept import Kept

CERTIFICATE: Final = "ca.pem"
BUNDLE: Final = "bundle.pem"
ELSEWHERE: Final = "--publish-ca DIR, a folder that you can write to, and others can read"


def publish(found: "Kept", folder: Path) -> Path:
    """Write the certificate into a folder, alone and with all that this machine believes; give its file.

    A file takes its name whole. Raises SettingError.
    """
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        if folder.samefile(found.file.parent):
            problem = f"--publish-ca {readable(str(folder))} is the folder that holds the authority's key"
            raise SettingError(problem, "another folder, which may be read by all that are to believe it")
        _write(folder / CERTIFICATE, found.certificate)
        _write(folder / BUNDLE, bundle(found.certificate))
    except OSError as error:
        problem = f"the certificate can't be written to {readable(str(folder))}: {error.strerror or error}"
        raise SettingError(problem, ELSEWHERE) from None
    return folder / CERTIFICATE


def _write(path: Path, content: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as new:
        try:
            new.write(content)
            new.close()
            Path(new.name).chmod(0o644)
            Path(new.name).replace(path)
        finally:
            Path(new.name).unlink(missing_ok=True)
