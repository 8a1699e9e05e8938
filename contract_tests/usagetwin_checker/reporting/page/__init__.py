"""Reports as a page: one HTML file with all that it needs, to be opened from disk and handed on.

Rule: a page is made in two steps, each pure: from results to what is shown (`check_page`, `score_page`),
charts with their tables among it, and from that to HTML (`document`). What a target sent is text in both.
"""
