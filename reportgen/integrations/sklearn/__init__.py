"""scikit-learn: searches and fits become runs. Nothing of scikit-learn is imported before it is used.

search.py   log_search: a run for each candidate and fold of a fitted search; the folds are the repeats
fits.py     autolog: a run of every ``fit`` inside a block
names.py    what models and scores are called, and which parameters of a model are told
"""

from reportgen.integrations.sklearn.fits import FitLog, autolog
from reportgen.integrations.sklearn.search import log_search

__all__ = ["FitLog", "autolog", "log_search"]
