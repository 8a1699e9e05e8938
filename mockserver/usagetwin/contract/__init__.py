"""The contract: the vendored document, the overlay, the rule catalogue and the sentence ledger, as values.

Importing this reads no file; serving reads the document and the overlay, and not the catalogue.
"""

from usagetwin.contract.citations import Tier
from usagetwin.contract.effective import FORMATS, VERSIONS, effective_contract, projected_contract, render
from usagetwin.contract.rules import About, Rule, rule, rules
from usagetwin.contract.sentences import Sentence, sentences

__all__ = [
    "FORMATS",
    "VERSIONS",
    "About",
    "Rule",
    "Sentence",
    "Tier",
    "effective_contract",
    "projected_contract",
    "render",
    "rule",
    "rules",
    "sentences",
]
