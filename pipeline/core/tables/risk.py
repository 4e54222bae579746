"""Tables that are learned: concept vectors, features, predictions and how good they are."""

import dataframely as dy

from chartline.core.tables.columns import utc_time


class ConceptVectors(dy.Schema):
    """A code's place in the space learned from what occurs together in time."""

    code = dy.String(primary_key=True)
    vocabulary = dy.String()
    count = dy.Int64()
    vector = dy.List(dy.Float32())


class VectorSubjects(dy.Schema):
    """A subject whose events shaped the concept vectors."""

    subject_id = dy.Int64(primary_key=True)


class FeatureRows(dy.Schema):
    """The declared part of the features table; one column a feature follows.

    `outcome` is the cohort's name; `boolean_value` is null for subjects who are only scored.
    """

    subject_id = dy.Int64(primary_key=True)
    prediction_time = utc_time(primary_key=True)
    outcome = dy.String()
    boolean_value = dy.Bool(nullable=True)
    split = dy.String()
    age = dy.Float32()
    male = dy.Float32()


class FeatureDictionary(dy.Schema):
    """A column of the features table. `window_days` is null for what has no look-back window."""

    name = dy.String(primary_key=True)
    meaning = dy.String()
    unit = dy.String()
    window_days = dy.Int32(nullable=True)
    source = dy.String()


class Predictions(dy.Schema):
    """A MEDS prediction: the probability that the outcome comes in the prediction window."""

    subject_id = dy.Int64(primary_key=True)
    prediction_time = utc_time(primary_key=True)
    outcome = dy.String()
    split = dy.String()
    boolean_value = dy.Bool(nullable=True)
    predicted_boolean_probability = dy.Float64()


class OnsetScores(dy.Schema):
    """How good a classifier on an input is, on held-out subjects.

    `_low` and `_high` bound the 95 % interval by bootstrap over subjects.
    """

    outcome = dy.String(primary_key=True)
    source = dy.String(primary_key=True)
    model = dy.String(primary_key=True)
    auc = dy.Float64()
    auc_low = dy.Float64()
    auc_high = dy.Float64()
    auprc = dy.Float64()
    auprc_low = dy.Float64()
    auprc_high = dy.Float64()
    brier = dy.Float64()
    brier_low = dy.Float64()
    brier_high = dy.Float64()
    observed_expected = dy.Float64(nullable=True)
    slope = dy.Float64(nullable=True)
    rows = dy.Int64()
    cases = dy.Int64()


class OnsetCurves(dy.Schema):
    """The risk of a held-out row by a classifier on an input."""

    subject_id = dy.Int64(primary_key=True)
    prediction_time = utc_time(primary_key=True)
    source = dy.String(primary_key=True)
    model = dy.String(primary_key=True)
    boolean_value = dy.Bool()
    risk = dy.Float64()


class OnsetLearning(dy.Schema):
    """Held-out AUC of logistic regression by the number of training rows."""

    patients = dy.Int64(primary_key=True)
    source = dy.String(primary_key=True)
    auc = dy.Float64()


class OutcomeSynonyms(dy.Schema):
    """A code that nearly tells the outcome and is not declared as its synonym.

    `share` of its `carriers` have the outcome no later than the code.
    """

    code = dy.String(primary_key=True)
    carriers = dy.Int64()
    share = dy.Float64()
