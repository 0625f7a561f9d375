"""One recipe a section: each decides what its section says, in the fixed words of `wording`."""
