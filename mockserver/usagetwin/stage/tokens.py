"""What is said of one access token."""

from typing import Final

from usagetwin.account.world import Role
from usagetwin.account.world.place import Place
from usagetwin.account.world.scalars import token as readable_token
from usagetwin.errors import FileError, SettingError, nearest

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

HERE: Final = Place("a token")


def listed(token: str, role: str | Role) -> dict[str, Role]:
    """Give the token with its role, as a world lists it. Raises SettingError, without the token."""
    try:
        return {readable_token(token, HERE): Role(role)}
    except FileError as error:
        raise SettingError(error.problem, error.remedy) from None
    except ValueError:
        problem = f"there is no role {role!r}"
        raise SettingError(problem, nearest(str(role), [each.value for each in Role])) from None
