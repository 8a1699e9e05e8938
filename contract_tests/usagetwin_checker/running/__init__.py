"""The phases of a run: probe, plan, fuzz, judge, confirm."""
