"""The page in a real browser: Debian's Chromium, headless, which is let at this machine alone."""
