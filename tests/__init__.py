"""The tests; a package, since textstat installs one of the same name that would come first."""
