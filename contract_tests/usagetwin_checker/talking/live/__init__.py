"""How a host that is not this machine is asked: which one, how often, in which way."""
