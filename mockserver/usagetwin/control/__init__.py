"""The control API of a served twin: HTTP under `/__twin__/`, by `openapi/control.yaml`."""
