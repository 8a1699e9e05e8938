"""The headers of all that the page answers: what a browser may do with it, and what it may keep.

plotly.js makes one style element that is empty, and writes its rules by script, which a policy allows: the
hash is that of no text at all, so it allows nothing else. It draws text in bold by an attribute that stays
forbidden, so no label of a chart is bold.
"""

from typing import Final

EMPTY_STYLE: Final = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {EMPTY_STYLE}",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
SECURITY: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with none at all a form's `Origin` would be `null`
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
LIVE: Final = {**SECURITY, "cache-control": "no-store"}  # what is true at this moment alone
