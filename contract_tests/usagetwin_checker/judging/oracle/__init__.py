"""The ledger oracle: holds all facts of a conversation against one unknown ledger.

Every value that a target gives is one equation `S(P, end) - S(P, start) = value` about the prefix sums
of one filter. `facts` breaks answers into such equations, `graph` finds the ones that no ledger fulfils,
`sums`, `filters` and `presence` name the rules that they break.

Which days a bucket has is worked out here by itself (`facts`, `presence`), and by the twin for its answers
(`usagetwin.account.answers`). That is meant: shared code would make one mistake on both sides, where nothing
could show it.
"""
