"""The names that advisor knows: what loggers, frameworks and habit call the usual quantities.

Sources are the loggers' own code (Keras, Lightning, the Hugging Face Trainer, Ultralytics,
Detectron2, OpenMMLab, Stable-Baselines3, Spinning Up, llm.c) and the usual abbreviations.
"""

from __future__ import annotations

from advisor.roles import Kind
from advisor.vocabulary.role_names import RoleName


def _loss(quantity: str, *names: str) -> RoleName:
    return RoleName(quantity=quantity, kind=Kind.LOSS, direction="min", names=names)


def _whole_loss(quantity: str, *names: str) -> RoleName:
    return RoleName(quantity=quantity, kind=Kind.LOSS, direction="min", names=names, whole=True)


def _up(quantity: str, *names: str, whole: bool = False) -> RoleName:
    return RoleName(quantity=quantity, kind=Kind.METRIC, direction="max", names=names, whole=whole)


def _down(quantity: str, *names: str, whole: bool = False) -> RoleName:
    return RoleName(quantity=quantity, kind=Kind.METRIC, direction="min", names=names, whole=whole)


def _other(quantity: str, *names: str) -> RoleName:
    return RoleName(quantity=quantity, kind=Kind.OTHER, names=names)


LOSSES = (
    _loss("loss", "loss", "losses", "cost", "criterion", "损失"),
    _loss("cross_entropy", "cross entropy", "crossentropy", "ce", "xent", "xe", "logloss",
          "log loss", "categorical crossentropy", "sparse categorical crossentropy"),
    _loss("binary_cross_entropy", "bce", "binary crossentropy", "binary cross entropy"),
    _loss("nll", "nll", "neg log likelihood", "negative log likelihood"),
    _loss("reconstruction", "recon", "reconstruction", "rec loss"),
    _loss("kl", "kl", "kld", "kl div", "kl divergence"),
    # The whole loss of a VAE: its own name keeps it apart from a plain loss beside it.
    _loss("elbo_loss", "elbo loss", "loss elbo", "neg elbo", "neg elbo loss", "negative elbo",
          "nelbo"),
    # The variables of PyTorch's DCGAN tutorial.
    _loss("generator_loss", "err g"),
    _loss("discriminator_loss", "err d"),
    # With another word beside them they name something else: "triplet_acc", "rewards/margin".
    _whole_loss("hinge", "hinge", "squared hinge", "pairwise hinge", "multi margin"),
    _whole_loss("margin_ranking", "margin ranking", "max margin", "pairwise ranking"),
    _whole_loss("triplet", "triplet", "triplet margin"),
    _whole_loss("contrastive", "contrastive", "infonce", "info nce"),
    _whole_loss("bpr", "bpr"),
)  # fmt: skip

HIGHER = (
    _up("map_50_95", "map 50 95", "map 0.5 0.95", "map 0.50 0.95", "map 5095"),
    _up("map", "map", "mean average precision"),
    _up("ap", "ap"),
    _up("ar", "ar", "mar", "mean average recall", "average recall"),
    _up("pq", "pq", "panoptic quality"),
    _up("nds", "nds"),
    _up("dice", "dice", "dice coef", "dice coeff", "dice coefficient", "dice score", "dsc",
        "mdice"),
    _up("iou", "iou", "miou", "mean iou", "io u", "mean io u", "jaccard", "jaccard index",
        "jaccard score"),
    _up("auc", "auc", "auroc", "roc auc", "rocauc", "auc roc", "area under curve"),
    _up("average_precision", "average precision", "pr auc", "auprc", "auc pr", "aupr", "prc"),
    _up("f1", "f1", "f1 score", "fscore", "f score", "f measure", "fbeta", "f beta", "f2"),
    _up("mcc", "mcc", "matthews correlation", "matthews corrcoef"),
    _up("kappa", "kappa", "qwk", "cohen kappa", "quadratic weighted kappa"),
    _up("accuracy", "accuracy", "acc", "accuracies", "accu", "categorical accuracy",
        "sparse categorical accuracy", "binary accuracy", "准确率"),
    _up("top1_accuracy", "top 1", "top 1 acc", "top 1 accuracy", "acc 1", "acc top 1",
        "accuracy 1", "accuracy top 1", "prec 1"),
    _up("top5_accuracy", "top 5", "top 5 acc", "top 5 accuracy", "acc 5", "acc top 5",
        "accuracy 5", "accuracy top 5", "prec 5"),
    _up("topk_accuracy", "top k", "top 3", "top 10", "top 3 accuracy", "top 10 accuracy",
        "top k categorical accuracy", "top k accuracy"),
    _up("exact_match", "exact match", "em"),
    _up("r2", "r2", "r2 score", "r squared", "rsquared", "r²", "explained variance"),
    _up("pearson", "pearson", "pearsonr", "pcc", "corr", "correlation", "plcc"),
    _up("spearman", "spearman", "spearmanr", "srcc", "srocc"),
    _up("bleu", "bleu", "sacrebleu"),
    _up("rouge", "rouge", "rougel", "rouge l", "rouge lsum", "rouge 1", "rouge 2"),
    _up("meteor", "meteor"),
    _up("chrf", "chrf"),
    _up("cider", "cider"),
    _up("psnr", "psnr"),
    _up("ssim", "ssim", "ms ssim", "msssim"),
    _up("inception_score", "inception score"),
    _up("ndcg", "ndcg"),
    _up("mrr", "mrr"),
    _up("hit_rate", "hits", "hit rate", "hit ratio"),
    # The share of pairs whose chosen answer is rewarded more than the rejected one.
    _up("preference_accuracy", "rewards accuracies", "rewards accuracy"),
    _up("success_rate", "success rate", "success", "win rate", "solve rate"),
    _up("precision", "precision", "prec"),
    _up("recall_at", "recall at", "recall k"),
    _up("precision_at", "precision at", "precision k"),
    _up("recall", "recall", "sensitivity", "tpr", "true positive rate"),
    _up("specificity", "specificity", "tnr"),
    _up("c_index", "c index", "cindex", "concordance", "concordance index"),
    _up("kendall", "kendall", "kendalltau", "kendall tau"),
    _up("adjusted_rand", "adjusted rand", "adjusted rand index", "adjusted rand score"),
    _up("nmi", "nmi", "normalized mutual information"),
    _up("si_sdr", "si sdr", "sisdr", "si snr", "sisnr"),
    _up("pesq", "pesq"),
    _up("stoi", "stoi", "estoi"),
    _up("pck", "pck"),
    _up("mota", "mota"),
    _up("hota", "hota"),
    _up("idf1", "idf1"),
    _up("attachment", "uas", "las", whole=True),
    _up("clip_score", "clip score", "clipscore"),
    _up("bertscore", "bertscore", "bert score"),
    _up("log_likelihood", "log likelihood", "loglik", "elbo"),
)  # fmt: skip

LOWER = (
    _down("perplexity", "perplexity", "ppl"),
    _down("bpb", "bpb", "bits per byte"),
    _down("bpc", "bpc", "bits per character"),
    _down("bpd", "bpd", "bits per dim"),
    _down("wer", "wer", "word error rate"),
    _down("cer", "cer", "character error rate"),
    _down("ter", "ter"),
    _down("per", "phoneme error rate"),
    _down("per", "per", whole=True),
    _down("der", "diarization error rate"),
    _down("der", "der", whole=True),
    _down("fid", "fid", "frechet inception distance"),
    _down("kid", "kid"),
    _down("lpips", "lpips"),
    _down("rmse", "rmse", "nrmse", "root mean squared error"),
    _down("mse", "mse", "mean squared error", "mean square error", "l2 error", "l2 distance"),
    _down("mae", "mae", "mean absolute error", "l1 error", "l1 distance"),
    _down(
        "relative_l2",
        "rel l2",
        "relative l2",
        "l2 rel",
        "l2 relative",
        "rel l2 error",
        "relative l2 error",
        "l2 rel error",
        "l2 relative error",
    ),
    _down("mape", "mape", "smape", "wape", "mean absolute percentage error"),
    _down("mase", "mase"),
    _down("crps", "crps"),
    _down("mpjpe", "mpjpe", "pa mpjpe"),
    _down("displacement", "ade", "fde", "min ade", "min fde", whole=True),
    _down("chamfer", "chamfer distance"),
    _down("fad", "fad", "frechet audio distance"),
    _down("msle", "msle", "rmsle"),
    _down("ece", "ece", "calibration error"),
    _down("brier", "brier", "brier score"),
    _down("eer", "eer", "equal error rate"),
    _down("epe", "epe", "end point error"),
    _down("hausdorff", "hausdorff", "hd 95", "hausdorff distance"),
    _down("false_rate", "false positive rate", "false negative rate", "fpr", "fnr"),
    _down("top1_error", "top 1 error", "top 1 err", "top 1 error rate", "top 1 err rate",
          "error top 1", "err top 1", "error rate top 1"),
    _down("top5_error", "top 5 error", "top 5 err", "top 5 error rate", "top 5 err rate",
          "error top 5", "err top 5", "error rate top 5"),
    # LightGBM and XGBoost write "multi_error", "binary_error" and "merror".
    _down("error_rate", "error rate", "err rate", "classification error", "cls err",
          "classification error rate", "misclassification rate", "misclassification error",
          "zero one loss", "multi error", "binary error", "merror", "1- acc", "1- accuracy",
          "one minus acc", "one minus accuracy"),
    # A distance, a loss, a number of mistakes: what it is the rest of a run must tell.
    _down("error", "error", "err", "errors"),
)  # fmt: skip

DIRECTIONLESS = (
    RoleName(quantity="score", kind=Kind.METRIC, names=("score",)),
)  # fmt: skip

PROGRESS = (
    RoleName(quantity="learning_rate", kind=Kind.LEARNING_RATE,
             names=("lr", "learning rate", "lrate", "learningrate", "学习率")),
    RoleName(quantity="grad_norm", kind=Kind.GRADIENT_NORM,
             names=("grad norm", "gradient norm", "grads norm", "gradients norm", "gnorm",
                    "gradnorm", "grad norms", "gradient norms", "grad global norm",
                    "gradient global norm", "norm grad", "grad 2 norm", "grad 2.0 norm",
                    "grad l2 norm", "gradient l2 norm", "grad inf norm", "grad total norm")),
    # llm.c and the training loops modelled on it print the gradient norm as "norm".
    RoleName(quantity="grad_norm", kind=Kind.GRADIENT_NORM, names=("norm",), whole=True),
    RoleName(quantity="epoch", kind=Kind.EPOCH, whole=True,
             names=("epoch", "epochs", "trainer epoch", "current epoch", "epoch num",
                    "epoch number", "epoch no", "epoch idx", "epoch index", "ep")),
    RoleName(quantity="return", kind=Kind.RETURN, direction="max",
             names=("ep rew", "ep ret", "ep reward", "ep return", "episode reward",
                    "episode return", "episode rewards", "episode returns", "episodic return",
                    "episodic reward", "cumulative reward", "cumulative return", "reward",
                    "return", "returns", "episode score", "ep score")),
)  # fmt: skip

OTHERS = (
    _other("time", "time", "runtime", "seconds", "second", "sec", "secs", "ms", "eta", "elapsed",
           "duration", "latency", "timestamp", "per second", "per sec", "throughput", "fps",
           "speed", "it s", "samples per second", "steps per second", "tokens per second",
           "hours", "minutes", "walltime", "sps", "wps", "tps", "ups"),
    _other("hardware", "gpu", "cpu", "memory", "memory errors", "mem", "ram", "vram", "disk",
           "utilization", "mfu", "flops", "total flos", "temperature", "bytes", "mb", "gb"),
    _other("size", "size", "count", "num", "number", "parameters", "params", "n parameters",
           "samples", "tokens", "examples", "length", "len", "ep len", "batches", "interacts",
           "episodes", "timesteps", "iteration", "iterations", "updates"),
    _other("loss_setting", "loss scale", "loss scaling", "loss weight", "loss weights",
           "loss lambda", "loss coef", "scale", "weight", "weights", "coef", "momentum", "beta",
           "alpha", "lambda", "threshold", "patience"),
    # KL of a policy to its last version, and its steering: not a loss.
    _other("policy_kl", "approx kl", "kl coef", "kl weight", "kl beta", "mean kl"),
    # Preference training logs the rewards of answers, which are no returns.
    _other("preference", "rewards", "rewards chosen", "rewards rejected", "rewards margins",
           "logps", "reward threshold"),
    _other("reward_model", "reward model"),
    # The placeholder that Lightning's TensorBoard logger writes when it has no metric.
    _other("placeholder", "hp metric"),
)  # fmt: skip

NAMES: tuple[RoleName, ...] = (*LOSSES, *HIGHER, *LOWER, *DIRECTIONLESS, *PROGRESS, *OTHERS)
"""All built-in names."""

PREFERENCE: tuple[str, ...] = (
    "map_50_95", "map", "nds", "ap", "pq", "dice", "iou", "auc", "average_precision", "mcc",
    "kappa", "f1", "accuracy", "top1_accuracy", "top1_error", "error_rate", "exact_match", "ndcg",
    "mrr", "wer", "cer", "bleu", "rouge", "fid", "psnr", "ssim", "r2", "rmse", "mae", "mse",
    "spearman", "pearson", "bpb", "perplexity",
)  # fmt: skip
"""Which metric a run is judged by when it logs several: what papers on the task rank by.

Detection and segmentation scores stand before accuracy, because in such runs accuracy counts
anchors or background pixels; scores that hold for unbalanced classes stand before accuracy,
because who logs one does it for that reason. Precision or recall alone come after all of these.
Dice stands before IoU, because both together are the habit of medical segmentation, which
ranks by Dice. What is not listed comes last, in alphabetical order.
"""

HELD_OUT: frozenset[str] = frozenset({
    "map_50_95", "map", "ap", "ar", "pq", "nds", "bleu", "rouge", "meteor", "chrf", "cider", "fid",
    "kid", "inception_score", "wer", "cer", "per", "ndcg", "mrr", "hit_rate", "recall_at",
    "precision_at",
})  # fmt: skip
"""Metrics that need a pass of their own (to decode, match or rank): they are of held-out data."""

ERRORS: tuple[str, ...] = ("mse", "rmse", "mae", "bpb", "bpc", "bpd")
"""Metrics that are the training loss of a run that logs no loss, the likeliest first."""

PARTS: tuple[str, ...] = ("box", "bbox", "value", "v", "nll", "ce", "recon", "reconstruction")
"""Which part of a loss stands for it when no total is logged, the likeliest first.

By name and not by value, so that every run of a study is judged by the same part. Ultralytics
names the box loss first.
"""

AUXILIARY: frozenset[str] = frozenset({
    "aux", "auxiliary", "kl", "kld", "reg", "regularization", "penalty", "entropy",
    "commit", "commitment", "tv", "adv", "gp", "wd", "decay", "balance", "consistency",
})  # fmt: skip
"""Words of a part that only steers the training."""

TOTALS: tuple[str, ...] = ("loss", "elbo_loss")
"""Losses that are the whole of what is minimized, whatever parts are logged beside them."""

LOSS_WEIGHTS: frozenset[str] = frozenset({"beta", "lambda", "anneal", "annealing"})
"""Words that by themselves name the weight of a loss: the `beta` of a VAE is that of its KL."""

WEIGHTS: frozenset[str] = frozenset({
    "weight", "weights", "coef", "coeff", "coefficient", "factor", "multiplier",
})  # fmt: skip
"""Words that name the weight of a loss beside one of ``WEIGHED``.

No scale: that of mixed precision scales gradients, and is taken out again.
"""

WEIGHED: frozenset[str] = frozenset({
    "loss", "losses", "kl", "kld", "kldiv", "divergence", "recon", "reconstruction", "rec",
    "entropy", "ent", "adv", "adversarial", "gan", "gp", "aux", "auxiliary", "commit",
    "commitment", "perceptual", "distill", "distillation", "consistency", "cycle", "contrastive",
    "pde", "bc", "ic", "physics", "boundary",
})  # fmt: skip
"""Words that name what a weight of a loss weighs. No decay: a weight decay is none."""
