"""The performance-evaluation tables: figures, indicators, rubrics and scores."""

from __future__ import annotations

from reconcile.evaluation.evaluation import Evaluation, evaluate
from reconcile.evaluation.inputs import Inputs, load_inputs

__all__ = ["Evaluation", "Inputs", "evaluate", "load_inputs"]
