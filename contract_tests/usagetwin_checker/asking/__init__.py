"""What is worth asking: the classes of requests, the plan, and the strategies."""
