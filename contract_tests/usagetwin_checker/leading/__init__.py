"""A program in any language, led to a twin for as long as it runs, and told what its requests broke."""
