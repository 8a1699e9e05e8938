"""The samples of the document that describes the endpoint, as they stand, and the twin that answers them."""
