#!/usr/bin/env python3
"""Writes what the schedules of torch.optim.lr_scheduler give as one JSON file: schedules.json beside this script.

Needs Debian's python3-torch (1.13). Run:  /usr/bin/python3 make_schedules.py [OUT_FILE]
Each case: {case, name, options, lr, lrs, betas?, losses?}
  name     the schedule and
  options  its options as this project calls them; torch's are made from them
  lr       the optimizer's own learning rate
  lrs      learning rates of steps 1, 2, ...
  betas    beta1 or momentum of the same steps, where the schedule cycles it
  losses   what the schedule was told after step 1, 2, ...; NaN and infinities as strings
"""
import json, math, os, sys, warnings
import torch

torch.set_default_dtype(torch.float64)
S = torch.optim.lr_scheduler

def snake(name):
    return "".join("_" + c.lower() if c.isupper() else c for c in name)

def warmup_cosine(optimizer, warmup, total_steps, eta_min=0.0):
    parts = [S.LinearLR(optimizer, start_factor=1 / warmup, total_iters=warmup - 1),
             S.CosineAnnealingLR(optimizer, T_max=total_steps - warmup, eta_min=eta_min)]
    return S.SequentialLR(optimizer, parts, milestones=[warmup])

TORCH = {
    "constant": lambda o: S.LambdaLR(o, lambda epoch: 1.0),
    "step": S.StepLR,
    "multiStep": S.MultiStepLR,
    "exponential": S.ExponentialLR,
    "linear": S.LinearLR,
    "cosine": lambda o, t_max, **rest: S.CosineAnnealingLR(o, T_max=t_max, **rest),
    "warmupCosine": warmup_cosine,
    "oneCycle": S.OneCycleLR,
    "reduceOnPlateau": S.ReduceLROnPlateau,
}

def planned(case, name, options, steps, lr=0.1, optimizer="Adam"):
    theta = torch.zeros(1, requires_grad=True)
    extra = dict(momentum=0.7) if optimizer == "SGD" else {}
    o = getattr(torch.optim, optimizer)([theta], lr=lr, **extra)
    scheduler = TORCH[name](o, **{snake(k): v for k, v in options.items()})
    lrs, betas = [], []
    for t in range(1, steps + 1):
        group = o.param_groups[0]
        lrs.append(group["lr"])
        betas.append(group["momentum"] if optimizer == "SGD" else group["betas"][0])
        o.step()
        if t < steps:
            scheduler.step()
    row = dict(case=case, name=name, options=options, lr=lr, lrs=lrs)
    if name == "oneCycle" and options.get("cycleMomentum", True):
        row["betas"] = betas
    return row

def following(case, options, losses, lr=0.1):
    theta = torch.zeros(1, requires_grad=True)
    o = torch.optim.SGD([theta], lr=lr)
    scheduler = TORCH["reduceOnPlateau"](o, **{snake(k): v for k, v in options.items()})
    lrs = []
    for loss in losses:
        lrs.append(o.param_groups[0]["lr"])
        o.step()
        scheduler.step(loss)
    lrs.append(o.param_groups[0]["lr"])
    written = [x if math.isfinite(x) else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(x, "NaN") for x in losses]
    return dict(case=case, name="reduceOnPlateau", options=options, lr=lr, lrs=lrs, losses=written)

nan, inf = math.nan, math.inf
flat = [1.0] * 40
sawtooth = [1 / (1 + t // 7) + 0.3 * (t % 5) for t in range(60)]

CASES = [
    planned("constant", "constant", {}, 4),
    planned("step", "step", dict(stepSize=3, gamma=0.3), 13),
    planned("step of one", "step", dict(stepSize=1, gamma=0.5), 6),
    planned("step that never comes", "step", dict(stepSize=9), 9),
    planned("step that grows", "step", dict(stepSize=2, gamma=1.5), 9),
    planned("step to nothing", "step", dict(stepSize=2, gamma=0.0), 5),
    planned("multiStep", "multiStep", dict(milestones=[2, 3, 7], gamma=0.3), 12),
    planned("multiStep after the first step", "multiStep", dict(milestones=[1]), 4),
    planned("multiStep at the last step", "multiStep", dict(milestones=[4], gamma=0.7), 5),
    planned("multiStep past the end", "multiStep", dict(milestones=[5, 50]), 8),
    planned("exponential", "exponential", dict(gamma=0.98), 60),
    planned("exponential that grows", "exponential", dict(gamma=1.2), 20),
    planned("exponential that stays", "exponential", dict(gamma=1.0), 3),
    planned("exponential to nothing", "exponential", dict(gamma=0.0), 3),
    planned("linear", "linear", {}, 9),
    planned("linear of one step", "linear", dict(startFactor=0.25, totalIters=1), 4),
    planned("linear decay", "linear", dict(startFactor=1.0, endFactor=0.0, totalIters=7), 10),
    planned("linear decay in part", "linear", dict(startFactor=0.9, endFactor=0.2, totalIters=6), 9),
    planned("cosine", "cosine", dict(tMax=10, etaMin=0.001), 11),
    planned("cosine past tMax", "cosine", dict(tMax=7, etaMin=0.01), 40),
    planned("cosine of one step", "cosine", dict(tMax=1), 5),
    planned("cosine of two steps", "cosine", dict(tMax=2, etaMin=0.02), 11),
    planned("cosine upwards", "cosine", dict(tMax=6, etaMin=0.5), 15),
    planned("warmupCosine", "warmupCosine", dict(warmup=4, totalSteps=12, etaMin=0.001), 13),
    planned("warmupCosine of one step", "warmupCosine", dict(warmup=1, totalSteps=6), 7),
    planned("warmupCosine past totalSteps", "warmupCosine", dict(warmup=3, totalSteps=8, etaMin=0.01), 20),
    planned("warmupCosine with a cosine of one step", "warmupCosine", dict(warmup=5, totalSteps=6), 7),
    planned("oneCycle", "oneCycle", dict(maxLr=0.3, totalSteps=20), 20),
    planned("oneCycle of momentum", "oneCycle", dict(maxLr=0.3, totalSteps=20), 20, optimizer="SGD"),
    planned("oneCycle, linear", "oneCycle", dict(maxLr=0.02, totalSteps=17, pctStart=0.41, annealStrategy="linear",
            divFactor=10.0, finalDivFactor=7.0, baseMomentum=0.6, maxMomentum=0.99), 17),
    planned("oneCycle cut short", "oneCycle", dict(maxLr=0.3, totalSteps=30), 12),
    planned("oneCycle with a peak between two steps", "oneCycle", dict(maxLr=0.3, totalSteps=9, pctStart=0.37), 9),
    planned("oneCycle with a peak at a step", "oneCycle", dict(maxLr=0.3, totalSteps=12, pctStart=0.25), 12),
    planned("oneCycle with a peak rounded below a step", "oneCycle", dict(maxLr=0.3, totalSteps=100, pctStart=0.29), 100),
    planned("oneCycle without growth", "oneCycle", dict(maxLr=0.3, totalSteps=8, pctStart=0.0), 8),
    planned("oneCycle, linear without growth", "oneCycle",
            dict(maxLr=0.3, totalSteps=8, pctStart=0.0, annealStrategy="linear"), 8),
    planned("oneCycle with less growth than a step", "oneCycle", dict(maxLr=0.3, totalSteps=8, pctStart=0.1), 8),
    planned("oneCycle of growth alone", "oneCycle", dict(maxLr=0.3, totalSteps=8, pctStart=1.0), 8),
    planned("oneCycle of one step", "oneCycle", dict(maxLr=0.3, totalSteps=1), 1),
    planned("oneCycle of two steps", "oneCycle", dict(maxLr=0.3, totalSteps=2), 2),
    planned("oneCycle of three steps", "oneCycle", dict(maxLr=0.3, totalSteps=3, pctStart=0.5), 3),
    planned("oneCycle of lr alone", "oneCycle", dict(maxLr=0.3, totalSteps=10, cycleMomentum=False), 10),
    planned("oneCycle that begins above its peak", "oneCycle",
            dict(maxLr=0.3, totalSteps=10, divFactor=0.5, finalDivFactor=0.25), 10),
    planned("oneCycle without lr", "oneCycle", dict(maxLr=0.0, totalSteps=5), 5),
    following("plateau", {}, flat),
    following("a loss that falls", {}, [1 / (1 + t) for t in range(40)]),
    following("no patience", dict(factor=0.5, patience=0), flat[:20]),
    following("patience of one", dict(factor=0.5, patience=1), flat[:9]),
    following("cooldown", dict(factor=0.5, patience=2, cooldown=4), flat),
    following("cooldown without patience", dict(factor=0.5, patience=0, cooldown=1), flat[:12]),
    following("an improvement in the cooldown", dict(factor=0.5, patience=1, cooldown=3),
              [5.0, 5.0, 5.0, 4.0, 4.5, 4.5, 4.5, 4.5, 4.5, 3.0, 3.5, 3.5, 3.5]),
    following("minLr", dict(factor=0.3, patience=1, minLr=0.004), flat[:20]),
    following("minLr above lr", dict(factor=0.3, patience=1, minLr=0.5), flat[:9]),
    following("minLr equal to lr", dict(factor=0.3, patience=1, minLr=0.1), flat[:9]),
    following("changes of no more than 1e-8", dict(factor=0.5, patience=0), flat[:12], lr=1.5e-7),
    following("a change of just above 1e-8", dict(factor=0.5, patience=0), flat[:5], lr=2.0000001e-8),
    following("a change of just below 1e-8", dict(factor=0.5, patience=0), flat[:5], lr=1.9999999e-8),
    following("a change of 1e-8", dict(factor=0.0, patience=0), flat[:4], lr=1e-8),
    following("a sawtooth", dict(factor=0.6, patience=2, cooldown=1), sawtooth),
    following("a threshold", dict(factor=0.5, patience=1, threshold=0.25),
              [8.0, 6.0, 5.9, 4.4, 3.4, 3.3, 2.5, 2.5, 2.5]),
    following("no threshold", dict(factor=0.5, patience=1, threshold=0.0),
              [8.0, 8.0, 7.999999999999999, 7.999999999999999, 7.999999999999999, 7.9, 7.9]),
    following("NaN", dict(factor=0.5, patience=2), [nan, 1.0, nan, nan, nan, 0.5, nan, nan, 0.6, 0.6]),
    following("NaN alone", dict(factor=0.5, patience=2), [nan] * 9),
    following("infinities", dict(factor=0.5, patience=1), [inf, inf, inf, 3.0, inf, -inf, -inf, -inf, -inf]),
    following("ties of a negative loss", dict(factor=0.5, patience=1), [-1.0] * 8),
    following("a negative loss that creeps up", dict(factor=0.5, patience=1, threshold=0.1),
              [-1.0, -0.95, -0.9, -0.85, -0.8, -0.7, -0.6, -0.6]),
    following("a loss of zero", dict(factor=0.5, patience=1), [0.0] * 8),
    following("to nothing", dict(factor=0.0, patience=1), flat[:9]),
]

if __name__ == "__main__":
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "schedules.json")
    with open(out, "w") as f:
        rows = ",\n".join(json.dumps(case, allow_nan=False) for case in CASES)
        f.write('{"torch": %s, "cases": [\n%s\n]}\n' % (json.dumps(torch.__version__), rows))
    print("wrote %d cases" % len(CASES))
