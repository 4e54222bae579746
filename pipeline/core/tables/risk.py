"""Tables that are learned: concept vectors, features, predictions and how good they are."""

import dataframely as dy

from chartline.core.tables.columns import utc_time

_INPUT = (
    "what the classifier saw: raw codes, windowed codes, reduced codes, grouped codes, concept "
    "vectors, vectors and grouped codes"
)
_MODEL = "the classifier"


class ConceptVectors(dy.Schema):
    """A code's place in the space learned from what occurs together in time."""

    code = dy.String(primary_key=True, description="`vocabulary//code`, rolled up where set so")
    vocabulary = dy.String(description="of the code")
    count = dy.Int64(description="how often it occurs in the training patients' events")
    vector = dy.List(dy.Float32(), description="`embedding.dimensions` numbers, of length 1")


class VectorSubjects(dy.Schema):
    """A patient whose events shaped the concept vectors."""

    subject_id = dy.Int64(primary_key=True, description="the patient")


class FeatureRows(dy.Schema):
    """A patient at a prediction time; one column a feature follows (see `feature_dictionary`)."""

    subject_id = dy.Int64(primary_key=True, description="the patient")
    prediction_time = utc_time(
        primary_key=True, description="nothing from this time on enters the features"
    )
    outcome = dy.String(description="what is predicted: the cohort's name")
    boolean_value = dy.Bool(
        nullable=True,
        description="whether the outcome came; null for patients who are only scored",
    )
    split = dy.String(description="`train`, `held_out` or `score`")
    sampling_weight = dy.Float64(
        nullable=True,
        description="for how many eligible patients a row of the matched sample stands; null for "
        "patients who are only scored",
    )
    age = dy.Float32(description="years at the prediction time")
    male = dy.Float32(
        nullable=True, description="1 for men, 0 for women, null where the sex is not known"
    )


class FeatureDictionary(dy.Schema):
    """A column of the features table."""

    name = dy.String(primary_key=True, description="of the column")
    meaning = dy.String(description="what it says, in words; of a group, the codes nearest to it")
    unit = dy.String(description="of its values")
    window_days = dy.Int32(
        nullable=True, description="its look-back window; null for what has none, such as age"
    )
    source = dy.String(description="what it is made of")


class Predictions(dy.Schema):
    """A MEDS prediction: the probability that the outcome comes in the prediction window.

    It is that of the eligible patients of the source, whom the cohort's windows fit, and not that
    of the matched sample that models are fitted on.
    """

    subject_id = dy.Int64(primary_key=True, description="the patient")
    prediction_time = utc_time(primary_key=True, description="when it is predicted")
    outcome = dy.String(description="what is predicted: the cohort's name")
    split = dy.String(description="`train`, `held_out` or `score`")
    boolean_value = dy.Bool(
        nullable=True, description="whether it came; null where that is not known yet"
    )
    predicted_boolean_probability = dy.Float64(description="the probability, 0 to 1")
    model = dy.String(description="by what it is predicted: a classifier on an input")


class OnsetScores(dy.Schema):
    """How good a classifier on an input is, on held-out patients of the matched sample.

    Risks are as fitted: those of the matched sample, not corrected for the sampling of controls.
    Intervals are 95 % by bootstrap over patients.
    """

    outcome = dy.String(primary_key=True, description="what is predicted: the cohort's name")
    source = dy.String(primary_key=True, description=_INPUT)
    model = dy.String(primary_key=True, description=_MODEL)
    configuration = dy.String(
        nullable=True, description="its hyperparameters, chosen in folds of the training people"
    )
    training_auc = dy.Float64(
        nullable=True,
        description="mean AUC in the folds of the training people, by which the best is kept",
    )
    training_auc_sd = dy.Float64(nullable=True, description="standard deviation of the folds' AUC")
    kept = dy.Bool(description="whether it is the best in these folds, which predicts")
    auc = dy.Float64(description="area under the ROC curve")
    auc_low = dy.Float64(description="lower end of its interval")
    auc_high = dy.Float64(description="upper end of its interval")
    auprc = dy.Float64(description="area under the precision-recall curve")
    auprc_low = dy.Float64(description="lower end of its interval")
    auprc_high = dy.Float64(description="upper end of its interval")
    brier = dy.Float64(description="Brier score: mean squared error of the risk, 0 is best")
    brier_low = dy.Float64(description="lower end of its interval")
    brier_high = dy.Float64(description="upper end of its interval")
    observed_expected = dy.Float64(
        nullable=True, description="outcomes that came over outcomes expected, 1 is best"
    )
    slope = dy.Float64(
        nullable=True,
        description="calibration slope, of outcomes on the logit of the risk; 1 is best",
    )
    rows = dy.Int64(description="held-out rows")
    cases = dy.Int64(description="those of them with the outcome")


class OnsetCurves(dy.Schema):
    """The risk of a held-out row in the matched sample, by a classifier on an input."""

    subject_id = dy.Int64(primary_key=True, description="the patient")
    prediction_time = utc_time(primary_key=True, description="when it is predicted")
    source = dy.String(primary_key=True, description=_INPUT)
    model = dy.String(primary_key=True, description=_MODEL)
    boolean_value = dy.Bool(description="whether the outcome came")
    risk = dy.Float64(description="the predicted probability, 0 to 1")


class OnsetLearning(dy.Schema):
    """Held-out AUC of logistic regression by the number of training rows."""

    patients = dy.Int64(primary_key=True, description="training rows")
    source = dy.String(primary_key=True, description=_INPUT)
    auc = dy.Float64(description="area under the ROC curve")


class OutcomeSynonyms(dy.Schema):
    """A code that tells the outcome, or may, and is not among its declared synonyms."""

    code = dy.String(primary_key=True, description="`vocabulary//code`")
    why = dy.String(
        description="`the outcome's stem`, `its parent is the outcome` or `its name`: it is the "
        "outcome in a vocabulary that the cohort does not name; `comes with the outcome or after "
        "it`; `before the outcome, in cases alone`"
    )
    carriers = dy.Int64(
        description="patients with the code; rows of the matched sample for a code of cases alone"
    )
    share = dy.Float64(
        description="those of them who have the outcome: ever, no later than the code, or as cases"
    )
    taken_out = dy.Bool(
        description="whether no feature knows it, and whoever bears it is taken to have had the "
        "outcome"
    )


class CohortCounts(dy.Schema):
    """How many prediction times are in the cohort, and how many are not, by the reason."""

    outcome = dy.String(primary_key=True, description="what is predicted: the cohort's name")
    place = dy.Int64(primary_key=True, description="order in which they are told")
    what = dy.String(description="what they are, or why they are left out")
    prediction_times = dy.Int64(description="their number")
    subjects = dy.Int64(description="patients with at least one")
