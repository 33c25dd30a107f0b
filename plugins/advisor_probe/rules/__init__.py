"""The rules that judge what probes measured; none of them imports torch."""

from __future__ import annotations

from advisor.rule import Rule
from advisor_probe.rules.batch_for_throughput import BatchForThroughput
from advisor_probe.rules.feature_scale import FeatureScale
from advisor_probe.rules.features_that_do_not_generalize import FeaturesThatDoNotGeneralize
from advisor_probe.rules.lr_onecycle import LrOnecycle
from advisor_probe.rules.lr_quick_drop import LrQuickDrop
from advisor_probe.rules.overfit_tiny_batch import OverfitTinyBatch
from advisor_probe.rules.probe_activation_choice import ProbeActivationChoice
from advisor_probe.rules.probe_adam_is_forgiving import ProbeAdamIsForgiving
from advisor_probe.rules.probe_batch_narrows_lr_range import ProbeBatchNarrowsLrRange
from advisor_probe.rules.probe_batch_norm import ProbeBatchNorm
from advisor_probe.rules.probe_choice_untested import ProbeChoiceUntested
from advisor_probe.rules.probe_clip_by_norm import ProbeClipByNorm
from advisor_probe.rules.probe_dropout_missing import ProbeDropoutMissing
from advisor_probe.rules.probe_dropout_placement import ProbeDropoutPlacement
from advisor_probe.rules.probe_dropout_range import ProbeDropoutRange
from advisor_probe.rules.probe_exploding_gradients import ProbeExplodingGradients
from advisor_probe.rules.probe_hidden_size import ProbeHiddenSize
from advisor_probe.rules.probe_idle_parameters import ProbeIdleParameters
from advisor_probe.rules.probe_init_match import ProbeInitMatch
from advisor_probe.rules.probe_initial_loss import ProbeInitialLoss
from advisor_probe.rules.probe_input_layer_shape import ProbeInputLayerShape
from advisor_probe.rules.probe_logits_vs_softmax import ProbeLogitsVsSoftmax
from advisor_probe.rules.probe_loss_function_fit import ProbeLossFunctionFit
from advisor_probe.rules.probe_lr_decay_on_plateau import ProbeLrDecayOnPlateau
from advisor_probe.rules.probe_lr_range import ProbeLrRange
from advisor_probe.rules.probe_momentum_range import ProbeMomentumRange
from advisor_probe.rules.probe_more_data_or_regularization import ProbeMoreDataOrRegularization
from advisor_probe.rules.probe_never_learned import ProbeNeverLearned
from advisor_probe.rules.probe_not_finite import ProbeNotFinite
from advisor_probe.rules.probe_output_activation import ProbeOutputActivation
from advisor_probe.rules.probe_output_layer_shape import ProbeOutputLayerShape
from advisor_probe.rules.probe_pretrained_backbone import ProbePretrainedBackbone
from advisor_probe.rules.probe_regularization_not_tuned import ProbeRegularizationNotTuned
from advisor_probe.rules.probe_seed_ensemble import ProbeSeedEnsemble
from advisor_probe.rules.probe_sgd_for_last_bit import ProbeSgdForLastBit
from advisor_probe.rules.probe_swish_when_deep import ProbeSwishWhenDeep
from advisor_probe.rules.probe_train_eval_toggle import ProbeTrainEvalToggle
from advisor_probe.rules.probe_vanishing_gradients import ProbeVanishingGradients
from advisor_probe.rules.probe_weight_averaging import ProbeWeightAveraging
from advisor_probe.rules.probe_weight_decay_with_lr import ProbeWeightDecayWithLr
from advisor_probe.rules.seven_step_workflow import SevenStepWorkflow
from advisor_probe.rules.zero_grad_forgotten import ZeroGradForgotten

RULES: tuple[type[Rule], ...] = (
    ProbeNotFinite,
    ProbeIdleParameters,
    ProbeInitialLoss,
    ProbeLogitsVsSoftmax,
    ProbeOutputLayerShape,
    ProbeOutputActivation,
    ProbeLossFunctionFit,
    FeatureScale,
    ProbeInputLayerShape,
    ProbeDropoutPlacement,
    ProbeVanishingGradients,
    ProbeExplodingGradients,
    ProbeInitMatch,
    ProbeActivationChoice,
    ZeroGradForgotten,
    ProbeTrainEvalToggle,
    OverfitTinyBatch,
    ProbeNeverLearned,
    ProbeLrRange,
    LrQuickDrop,
    ProbeLrDecayOnPlateau,
    LrOnecycle,
    ProbeAdamIsForgiving,
    ProbeSgdForLastBit,
    ProbeMomentumRange,
    ProbeDropoutRange,
    ProbeMoreDataOrRegularization,
    ProbeWeightDecayWithLr,
    ProbeDropoutMissing,
    ProbeBatchNorm,
    ProbeSwishWhenDeep,
    ProbeClipByNorm,
    ProbeHiddenSize,
    ProbeRegularizationNotTuned,
    ProbePretrainedBackbone,
    ProbeChoiceUntested,
    ProbeBatchNarrowsLrRange,
    FeaturesThatDoNotGeneralize,
    ProbeWeightAveraging,
    ProbeSeedEnsemble,
    BatchForThroughput,
    SevenStepWorkflow,
)
"""Every rule of this plugin, in the order of the probes."""
