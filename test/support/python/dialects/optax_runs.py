import os

os.environ["JAX_ENABLE_X64"] = "1"

import jax
import jax.numpy as jnp
import optax
import optax.contrib


def schedule_of(lr, schedule, theirs):
    """The schedule of optax that comes closest. With `native` in `theirs`: the one that optax offers under the name.

    JAX divides the step count by an int in float32 even with x64, and by a float in float64: lengths are floats, unless `int_lengths`.
    """
    name = schedule["name"]
    length = int if theirs.get("int_lengths") else float
    if name == "exponential":
        return optax.exponential_decay(lr, length(1), schedule["gamma"])
    if name == "step":
        return optax.exponential_decay(lr, length(schedule["stepSize"]), schedule["gamma"], staircase=True)
    if name == "multiStep":
        return optax.piecewise_constant_schedule(lr, {each: schedule["gamma"] for each in schedule["milestones"]})
    if name == "linear":
        first, last = lr * schedule["startFactor"], lr * schedule["endFactor"]
        return optax.linear_schedule(first, last, length(schedule["totalIters"]))
    if name == "cosine":
        return optax.cosine_decay_schedule(lr, schedule["tMax"], alpha=schedule["etaMin"] / lr)
    if name == "oneCycle":
        return optax.cosine_onecycle_schedule(
            schedule["totalSteps"], schedule["maxLr"], schedule["pctStart"], schedule["divFactor"], schedule["finalDivFactor"]
        )
    warmup, total, least = schedule["warmup"], schedule["totalSteps"], schedule["etaMin"]
    if theirs.get("native"):
        return optax.warmup_cosine_decay_schedule(lr / warmup, lr, warmup - 1, total - 1, least)
    growth = optax.linear_schedule(lr / warmup, lr, length(warmup - 1))
    decay = optax.cosine_decay_schedule(lr, total - warmup, alpha=least / lr)
    return optax.join_schedules([growth, decay], [warmup])


def transformation(options, lr, theirs):
    name = options["name"]
    decay = optax.add_decayed_weights(options["weightDecay"])
    by_lr = optax.scale_by_learning_rate(lr)
    if name == "sgd":
        return optax.chain(decay, optax.sgd(lr, options["momentum"] or None, options["nesterov"]))
    if name == "signsgd":
        return optax.chain(decay, optax.sign_sgd(lr))
    if name == "adagrad":
        return optax.chain(decay, optax.adagrad(lr, options["initialAccumulatorValue"], options["eps"]))
    if name == "rmsprop":
        momentum = options["momentum"] or None
        rmsprop = optax.rmsprop(lr, options["alpha"], options["eps"], centered=options["centered"], momentum=momentum, **theirs)
        return optax.chain(decay, rmsprop)
    moments = dict(b1=options["beta1"], b2=options["beta2"], eps=options["eps"])
    if name == "adabelief":
        return optax.chain(optax.scale_by_belief(**moments, eps_root=options["eps"]), decay, by_lr)
    if name == "adamw":
        scale = (optax.scale_by_amsgrad if options["amsgrad"] else optax.scale_by_adam)(**moments, **theirs)
        if options["dialect"] == "paper":
            return optax.chain(scale, by_lr, optax.add_decayed_weights(-options["weightDecay"]))
        if options["amsgrad"]:
            return optax.chain(scale, decay, by_lr)
        return optax.adamw(lr, **moments, weight_decay=options["weightDecay"])
    if name == "adam" and options["amsgrad"]:
        return optax.chain(decay, optax.amsgrad(lr, **moments, **theirs))
    make = {"adam": optax.adam, "adamax": optax.adamax, "nadam": optax.nadam, "radam": optax.radam}[name]
    return optax.chain(decay, make(lr, **moments))


def plateau(schedule, theirs):
    patience = schedule["patience"] + (0 if theirs.get("native") else 1)
    return optax.contrib.reduce_on_plateau(
        factor=schedule["factor"], patience=patience, rtol=schedule["threshold"], atol=0.0, cooldown=schedule["cooldown"], min_scale=0.0
    )


def run(case, problem):
    config, theirs = case["config"], case["theirs"]
    options, schedule, clip = config["optimizer"], config["schedule"], config["clip"]
    lr = options["lr"]
    follows_loss = schedule and schedule["name"] == "reduceOnPlateau"
    # Compiled, because conditions inside are otherwise compiled again at every step.
    rate = jax.jit(schedule_of(lr, schedule, theirs)) if schedule and not follows_loss else lr
    own = {k: v for k, v in theirs.items() if k not in ("native", "int_lengths")}
    optimizer = transformation(options, rate, own)
    if clip:
        first = optax.clip_by_global_norm(clip["norm"]) if "norm" in clip else optax.clip(clip["value"])
        optimizer = optax.chain(first, optimizer)
    params = jnp.array(problem.start, dtype=jnp.float64)
    state = optimizer.init(params)
    watch = follows_loss and plateau(schedule, theirs)
    watching = watch and watch.init(params)
    observe = watch and jax.jit(watch.update)
    scale = 1.0
    result = {"params": [], "lrs": []}
    for step in range(problem.steps):
        at = params.tolist()
        gradient = jnp.array(problem.gradient(step, at), dtype=jnp.float64)
        updates, state = optimizer.update(gradient, state, params)
        params = optax.apply_updates(params, updates * scale)
        now = float(rate(step) if callable(rate) else rate) * scale
        result["lrs"].append([now] * len(at))
        result["params"].append(params.tolist())
        if watch:
            # optax scales the update of the step whose loss it receives; here, as in torch, the scale acts from the next step.
            _, watching = observe(updates, watching, value=jnp.float64(problem.loss(step, at)))
            scale = float(watching.scale)
    return result
