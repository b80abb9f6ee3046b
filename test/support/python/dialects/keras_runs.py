import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"

import jax
import keras
import numpy as np

keras.config.set_floatx("float64")
K = keras.optimizers.schedules


def schedule_of(lr, schedule, theirs):
    """The schedule of Keras that comes closest. With `native` in `theirs`: its own reading of our numbers."""
    name = schedule["name"]
    if name == "exponential":
        return K.ExponentialDecay(lr, 1, schedule["gamma"])
    if name == "step":
        return K.ExponentialDecay(lr, schedule["stepSize"], schedule["gamma"], staircase=True)
    if name == "linear":
        return K.PolynomialDecay(lr * schedule["startFactor"], schedule["totalIters"], lr * schedule["endFactor"])
    if name == "cosine":
        return K.CosineDecay(lr, schedule["tMax"], schedule["etaMin"] / lr)
    if name == "warmupCosine":
        warmup, total = schedule["warmup"], schedule["totalSteps"]
        return K.CosineDecay(
            lr / warmup, total - warmup, schedule["etaMin"] / lr, warmup_target=lr, warmup_steps=warmup - 1
        )
    values = [lr]
    for _ in schedule["milestones"]:
        values.append(values[-1] * schedule["gamma"])
    before = 0 if theirs.get("native") else 1
    return K.PiecewiseConstantDecay([each - before for each in schedule["milestones"]], values)


def optimizer_of(options, lr, clip):
    name = options["name"]
    common = dict(learning_rate=lr, weight_decay=options["weightDecay"] or None)
    if clip:
        common.update({"global_clipnorm": clip["norm"]} if "norm" in clip else {"clipvalue": clip["value"]})
    O = keras.optimizers
    if name == "sgd":
        return O.SGD(momentum=float(options["momentum"]), nesterov=options["nesterov"], **common)
    if name == "adagrad":
        return O.Adagrad(initial_accumulator_value=options["initialAccumulatorValue"], epsilon=options["eps"], **common)
    if name == "rmsprop":
        return O.RMSprop(
            rho=options["alpha"], momentum=options["momentum"], epsilon=options["eps"], centered=options["centered"], **common
        )
    moments = dict(beta_1=options["beta1"], beta_2=options["beta2"], epsilon=options["eps"], **common)
    if name in ("adam", "adamw"):
        return (O.Adam if name == "adam" else O.AdamW)(amsgrad=options["amsgrad"], **moments)
    return {"adamax": O.Adamax, "nadam": O.Nadam}[name](**moments)


def run(case, problem):
    config, theirs = case["config"], case["theirs"]
    options, schedule = config["optimizer"], config["schedule"]
    # Compiled and called outside of the optimizer: otherwise the condition in CosineDecay is compiled again at every step.
    rate = schedule and jax.jit(schedule_of(options["lr"], schedule, theirs))
    optimizer = optimizer_of(options, options["lr"], config["clip"])
    variable = keras.Variable(np.array(problem.start, dtype=np.float64), dtype="float64")
    optimizer.build([variable])
    result = {"params": [], "lrs": []}
    for step in range(problem.steps):
        at = np.asarray(variable.value).tolist()
        gradient = keras.ops.convert_to_tensor(np.array(problem.gradient(step, at)), dtype="float64")
        if rate:
            optimizer.learning_rate = float(rate(np.int32(step)))
        result["lrs"].append([float(optimizer.learning_rate)] * len(at))
        optimizer.apply([gradient], [variable])
        result["params"].append(np.asarray(variable.value).tolist())
    return result
