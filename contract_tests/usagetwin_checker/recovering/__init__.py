"""An account out of a recording: what its answers imply, and a stated guess where they leave it open."""
