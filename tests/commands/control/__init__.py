"""The commands `usagetwin control ...`, against twins that are served."""
