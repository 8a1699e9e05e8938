"""Texts that a request can bring, and that must stay text wherever the page shows them."""

from typing import Final

HOSTILE: Final = (
    "<img src=x onerror=alert(1)>",
    "</td></table><script>alert(2)</script>",
    "javascript:alert(3)",
    "' onfocus='alert(4)' autofocus='",
    '" onmouseover="alert(5)',
    "{{ 7 * 191 }}",
    "\u202edne-eht-morf\u2066",
    "a\x00b\x1b[31m\r\ndata: {}\n\n",
    "x" * 10_000,
)
