"""Tests of worlds: what a file may say, what is refused, and what each built-in world promises."""
