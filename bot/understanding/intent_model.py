"""The intent model: TF-IDF of words and of characters within words, then logistic regressions.

Why this one: docs/decisions/0002-intent-classifier.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import joblib
import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import FeatureUnion, Pipeline

from bot.understanding.around import with_something_around
from bot.understanding.normalise import normalise

SEED = 20
"""Fixed, so that two trainings on the same sentences give the same probabilities."""

REGULARISATION = 5e-6
"""Chosen on the development messages: docs/decisions/0002-intent-classifier.md."""

OUTSIDE_WEIGHT = 2.0
"""How much more the sentences out of scope weigh: it catches more of them, for 0.5 % in scope."""


class IntentModel:
    """A trained or trainable intent model over plain strings."""

    def __init__(self, regularisation: float = REGULARISATION) -> None:
        """Makes an untrained model.

        Args:
            regularisation: Its strength; less makes surer probabilities.
        """
        self._pipeline = _pipeline(regularisation)

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> IntentModel:
        """Trains on sentences and the intent of each.

        The order of the sentences doesn't matter to the result: they are sorted first.
        """
        given = zip(texts, intents, strict=True)
        pairs = sorted(
            {(normalise(text), intent) for text, intent in with_something_around(given, SEED)}
        )
        regression = self._pipeline.named_steps["regression"]
        regression.class_weight = _weights(Counter(intent for _, intent in pairs))
        self._pipeline.fit([text for text, _ in pairs], [intent for _, intent in pairs])
        regression.coef_ = np.asfortranarray(regression.coef_, dtype=np.float32)
        return self

    @property
    def intents(self) -> list[str]:
        """The intents it tells apart, in alphabetical order."""
        return [str(name) for name in self._pipeline.named_steps["regression"].classes_]

    def rank(self, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        """Ranks all intents for each text.

        Returns:
            For each text, (intent, probability from 0 to 1) pairs, surest first.
        """
        if not texts:
            return []
        names = self.intents
        return [
            [(names[i], float(row[i])) for i in np.argsort(-row, kind="stable")]
            for row in self.probabilities(texts)
        ]

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """The probability of each intent, in the order of `intents`, in one row for each text."""
        steps = self._pipeline.named_steps
        normal = [normalise(text) for text in texts]
        # What the pipeline does itself, without joblib's care for two small transformations.
        parts = [each.transform(normal) for _, each in steps["features"].transformer_list]
        rows: np.ndarray = steps["regression"].predict_proba(hstack(parts, format="csr"))
        return rows

    def save(self, path: Path) -> None:
        """Writes the trained model to a file."""
        joblib.dump(self._pipeline, path)

    @classmethod
    def load(cls, path: Path) -> IntentModel:
        """Reads a model that `save` wrote. Only for files of a model that you trust."""
        model = cls.__new__(cls)
        model._pipeline = joblib.load(path)
        return model


def _weights(sentences: Counter[str]) -> dict[str, float]:
    """Each intent weighs the same, however many sentences it has; what is out of scope, more."""
    even = sentences.total() / len(sentences)
    return {
        intent: even / count * (OUTSIDE_WEIGHT if intent == "out_of_scope" else 1)
        for intent, count in sentences.items()
    }


def _pipeline(regularisation: float) -> Pipeline:
    words = TfidfVectorizer(
        ngram_range=(1, 2),
        token_pattern=r"(?u)\b\w+\b",  # noqa: S106  one-letter words too: "u", "a"
        strip_accents="unicode",
        sublinear_tf=True,
        dtype=np.float32,
    )
    characters = TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 4),
        min_df=2,
        strip_accents="unicode",
        sublinear_tf=True,
        dtype=np.float32,
    )
    # One regression per intent against all others, the probabilities brought to a sum of 1.
    regression = SGDClassifier(
        loss="log_loss",
        alpha=regularisation,
        max_iter=30,
        random_state=SEED,
    )
    features = FeatureUnion([("words", words), ("characters", characters)])
    return Pipeline([("features", features), ("regression", regression)])
