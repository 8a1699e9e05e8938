"""Worlds: the accounts that the twin stands for, built in or brought by the user."""

from usagetwin.account.world.load import load_world, world_names
from usagetwin.account.world.model import Project, Role, World

__all__ = ["Project", "Role", "World", "load_world", "world_names"]
