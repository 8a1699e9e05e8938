"""The ASGI parts, one file each; `app` puts them together.

Each takes the next part and wraps it. What they tell each other about one request is its `Notes`.
"""
