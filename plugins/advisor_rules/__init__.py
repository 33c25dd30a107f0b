"""The rules that advisor ships, drawn from tuning guides: one file each, by stage."""

from __future__ import annotations

from pathlib import Path

from advisor.accuracy import Measurement
from advisor.hookspecs import hookimpl
from advisor.rule import BaseRule, Rule, StudyRule
from advisor.wording.catalogues import Translations
from advisor_rules.averaging.seed_ensemble import SeedEnsemble
from advisor_rules.averaging.weight_averaging import WeightAveraging
from advisor_rules.batch_size.batch_narrows_lr_range import BatchNarrowsLrRange
from advisor_rules.batch_size.batch_sqrt_data import BatchSqrtData
from advisor_rules.batch_size.batch_start import BatchStart
from advisor_rules.batch_size.batch_too_large import BatchTooLarge
from advisor_rules.batch_size.batch_too_small_noise import BatchTooSmallNoise
from advisor_rules.decay.lr_decay_late import LrDecayLate
from advisor_rules.decay.lr_decay_on_plateau import LrDecayOnPlateau
from advisor_rules.decay.lr_decayed_too_early import LrDecayedTooEarly
from advisor_rules.epochs.best_checkpoint_not_kept import BestCheckpointNotKept
from advisor_rules.epochs.early_stopping_missing import EarlyStoppingMissing
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.epochs.still_improving import StillImproving
from advisor_rules.fit.dropout_missing import DropoutMissing
from advisor_rules.fit.dropout_placement import DropoutPlacement
from advisor_rules.fit.dropout_range import DropoutRange
from advisor_rules.fit.hidden_size import HiddenSize
from advisor_rules.fit.more_data_or_regularization import MoreDataOrRegularization
from advisor_rules.fit.overfit_then_regularize import OverfitThenRegularize
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.fit.oversized_then_shrunk import OversizedThenShrunk
from advisor_rules.fit.pretrained_backbone import PretrainedBackbone
from advisor_rules.fit.regularization_not_tuned import RegularizationNotTuned
from advisor_rules.fit.underfitting import Underfitting
from advisor_rules.gradients.activation_choice import ActivationChoice
from advisor_rules.gradients.batch_norm import BatchNorm
from advisor_rules.gradients.clip_by_norm import ClipByNorm
from advisor_rules.gradients.exploding_gradients import ExplodingGradients
from advisor_rules.gradients.init_match import InitMatch
from advisor_rules.gradients.swish_when_deep import SwishWhenDeep
from advisor_rules.gradients.vanishing_gradients import VanishingGradients
from advisor_rules.learning_rate.diverged import Diverged
from advisor_rules.learning_rate.first_steps_too_large import FirstStepsTooLarge
from advisor_rules.learning_rate.lr_range import LrRange
from advisor_rules.learning_rate.lr_retune import LrRetune
from advisor_rules.learning_rate.lr_too_high import LrTooHigh
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from advisor_rules.learning_rate.lr_warmup import LrWarmup
from advisor_rules.learning_rate.weight_decay_with_lr import WeightDecayWithLr
from advisor_rules.measured import measurements
from advisor_rules.non_finite.loss_not_finite import LossNotFinite
from advisor_rules.optimizer.adam_is_forgiving import AdamIsForgiving
from advisor_rules.optimizer.momentum_range import MomentumRange
from advisor_rules.optimizer.sgd_for_last_bit import SgdForLastBit
from advisor_rules.program.hockey_stick import HockeyStick
from advisor_rules.program.initial_loss import InitialLoss
from advisor_rules.program.input_layer_shape import InputLayerShape
from advisor_rules.program.logits_vs_softmax import LogitsVsSoftmax
from advisor_rules.program.loss_function_fit import LossFunctionFit
from advisor_rules.program.never_learned import NeverLearned
from advisor_rules.program.output_activation import OutputActivation
from advisor_rules.program.output_layer_shape import OutputLayerShape
from advisor_rules.program.stale_gradients import StaleGradients
from advisor_rules.program.train_eval_toggle import TrainEvalToggle
from advisor_rules.program.unrepeatable_validation import UnrepeatableValidation
from advisor_rules.search.choice_untested import ChoiceUntested
from advisor_rules.search.retune_per_problem import RetunePerProblem
from advisor_rules.search.search_coarse_to_fine import SearchCoarseToFine
from advisor_rules.search.search_log_scale import SearchLogScale
from advisor_rules.search.search_one_change import SearchOneChange
from advisor_rules.search.search_order import SearchOrder
from advisor_rules.search.search_random_over_grid import SearchRandomOverGrid
from advisor_rules.telemetry.telemetry_averaged import TelemetryAveraged
from advisor_rules.telemetry.telemetry_damaged import TelemetryDamaged
from advisor_rules.telemetry.telemetry_filtered import TelemetryFiltered
from advisor_rules.telemetry.telemetry_no_config import TelemetryNoConfig
from advisor_rules.telemetry.telemetry_no_learning_rate import TelemetryNoLearningRate
from advisor_rules.telemetry.telemetry_restarted import TelemetryRestarted
from advisor_rules.telemetry.telemetry_rounded import TelemetryRounded
from advisor_rules.telemetry.telemetry_sampled import TelemetrySampled
from advisor_rules.telemetry.telemetry_too_few_points import TelemetryTooFewPoints
from advisor_rules.telemetry.telemetry_truncated import TelemetryTruncated
from advisor_rules.telemetry.telemetry_unfinished import TelemetryUnfinished
from advisor_rules.validation.config_not_recorded import ConfigNotRecorded
from advisor_rules.validation.loss_is_not_the_metric import LossIsNotTheMetric
from advisor_rules.validation.metric_not_logged import MetricNotLogged
from advisor_rules.validation.no_validation import NoValidation
from advisor_rules.validation.val_loss_rises_metric_holds import ValLossRisesMetricHolds

RULES: tuple[type[Rule], ...] = (
    TelemetryTooFewPoints,
    TelemetrySampled,
    TelemetryTruncated,
    TelemetryDamaged,
    TelemetryRestarted,
    TelemetryFiltered,
    TelemetryRounded,
    TelemetryAveraged,
    TelemetryNoLearningRate,
    TelemetryNoConfig,
    TelemetryUnfinished,
    LossNotFinite,
    NeverLearned,
    InitialLoss,
    HockeyStick,
    LogitsVsSoftmax,
    StaleGradients,
    TrainEvalToggle,
    UnrepeatableValidation,
    LossFunctionFit,
    InputLayerShape,
    OutputLayerShape,
    OutputActivation,
    Diverged,
    FirstStepsTooLarge,
    LrTooHigh,
    LrTooLow,
    LrWarmup,
    LrRange,
    WeightDecayWithLr,
    PastBest,
    EarlyStoppingMissing,
    BestCheckpointNotKept,
    StillImproving,
    BatchTooSmallNoise,
    BatchTooLarge,
    BatchSqrtData,
    BatchStart,
    LrDecayOnPlateau,
    LrDecayedTooEarly,
    Overfitting,
    MoreDataOrRegularization,
    Underfitting,
    OversizedThenShrunk,
    DropoutMissing,
    DropoutRange,
    DropoutPlacement,
    HiddenSize,
    PretrainedBackbone,
    NoValidation,
    MetricNotLogged,
    LossIsNotTheMetric,
    ValLossRisesMetricHolds,
    VanishingGradients,
    ExplodingGradients,
    ClipByNorm,
    ActivationChoice,
    SwishWhenDeep,
    InitMatch,
    BatchNorm,
    AdamIsForgiving,
    MomentumRange,
    SgdForLastBit,
    WeightAveraging,
)
"""Every rule on one run of this plugin, by stage."""

STUDY_RULES: tuple[type[StudyRule], ...] = (
    LrRetune,
    BatchNarrowsLrRange,
    LrDecayLate,
    OverfitThenRegularize,
    RegularizationNotTuned,
    ConfigNotRecorded,
    SeedEnsemble,
    SearchOrder,
    SearchLogScale,
    SearchRandomOverGrid,
    SearchCoarseToFine,
    SearchOneChange,
    ChoiceUntested,
    RetunePerProblem,
)
"""Every rule across runs, by stage."""


@hookimpl
def register_rules() -> tuple[type[BaseRule], ...]:
    """Hand the rules to the manager."""
    return *RULES, *STUDY_RULES


@hookimpl
def register_measurements() -> tuple[Measurement, ...]:
    """Say what the benchmark measured of every rule."""
    return measurements(rule.name for rule in register_rules())


@hookimpl
def register_translations() -> tuple[Translations, ...]:
    """Say where the catalogues of other languages lie."""
    return (Translations(Path(__file__).parent),)
