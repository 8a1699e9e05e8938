"""The commands: options in, words and an exit status out."""
