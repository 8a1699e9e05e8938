"""Plays that several processes serve: what one of them is told, all know, through a store."""
