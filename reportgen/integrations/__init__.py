"""Integrations: what training frameworks tell goes into runs, through :mod:`reportgen.collect` and nothing else.

Each module is thin and stands alone; importing this package imports no framework. Those whose callbacks
must have the framework's own base class import that framework, and only when they are imported themselves::

    sklearn.py       log_search: a run for each candidate and fold; autolog: a run for each fit
    keras.py         RunCallback                    torch.py      TrainingLog, for a loop of one's own
    lightning.py     RunLogger                      hydra.py      RunCallback, current_run
    transformers.py  RunCallback                    optuna.py     RunCallback, trial_run
    xgboost.py  lightgbm.py  catboost.py            RunCallback
    logging.py       RunHandler: warnings become notes

and what they share::

    feed.py          where a callback logs to: a run that was handed over, or one of its own
    values.py        names, numbers and settings as the logger takes them
"""
