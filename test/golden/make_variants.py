#!/usr/bin/env python3
"""Writes trajectories of torch.optim with schedules per epoch, maximize=True and parameter groups: variants.json beside it.

Needs torch 2.13 (CPU). Run:  python make_variants.py [OUT_FILE]
Each case: {case, loss, start, config, steps: [{t, loss, grad, theta, lrs, state}]}
  loss    a name, with a minus if the negated function is maximized
  config  what this project's RunConfig is given; torch's arguments are made from it
  t       1-based; loss, grad, theta and state as in the other golden files
  lrs     the learning rate of each coordinate at step t
"""
import json, math, os, sys
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
S = torch.optim.lr_scheduler

def rosenbrock(p):
    return sum(100.0 * (p[i + 1] - p[i] ** 2) ** 2 + (1.0 - p[i]) ** 2 for i in range(len(p) - 1))

def anisotropic_quadratic(p):
    return 0.5 * (100.0 * p[0] ** 2 + p[1] ** 2)

LOSSES = {"rosenbrock": rosenbrock, "anisotropicQuadratic": anisotropic_quadratic,
          "-rosenbrock": lambda p: -rosenbrock(p), "-anisotropicQuadratic": lambda p: -anisotropic_quadratic(p)}
OPTIMIZERS = {"sgd": "SGD", "adagrad": "Adagrad", "rmsprop": "RMSprop", "adam": "Adam", "adamw": "AdamW", "adamax": "Adamax",
              "nadam": "NAdam", "radam": "RAdam"}
STEPS = 60
KEEP = set(list(range(1, 13)) + [20, 30, 40, 50, 60])
STATES = {"exp_avg": "m", "exp_avg_sq": "v", "square_avg": "v", "max_exp_avg_sq": "vMax", "exp_inf": "u", "grad_avg": "gAvg",
          "momentum_buffer": "momentum", "sum": "sum", "mu_product": "muProduct"}

def snake(name):
    return "".join("_" + c.lower() if c.isupper() else c for c in name)

def with_betas(options, defaults):
    kwargs = {snake(k): v for k, v in options.items() if k not in ("name", "ranges", "beta1", "beta2")}
    if "beta1" in options or "beta2" in options:
        kwargs["betas"] = (options.get("beta1", defaults.get("beta1", 0.9)), options.get("beta2", defaults.get("beta2", 0.999)))
    return kwargs

def scheduler_of(optimizer, schedule, mode):
    options = {k: v for k, v in schedule.items() if k not in ("name", "unit")}
    name = schedule["name"]
    if name == "warmupCosine":
        w, total = options["warmup"], options["totalSteps"]
        return S.SequentialLR(optimizer, [S.LinearLR(optimizer, start_factor=1 / w, total_iters=w - 1),
            S.CosineAnnealingLR(optimizer, T_max=total - w, eta_min=options.get("etaMin", 0.0))], milestones=[w])
    of = {"step": S.StepLR, "multiStep": S.MultiStepLR, "exponential": S.ExponentialLR, "linear": S.LinearLR,
          "cosine": lambda o, t_max, **rest: S.CosineAnnealingLR(o, T_max=t_max, **rest), "oneCycle": S.OneCycleLR,
          "reduceOnPlateau": lambda o, **rest: S.ReduceLROnPlateau(o, mode=mode, **rest)}
    return of[name](optimizer, **{snake(k): v for k, v in options.items()})

def run(case, loss, start, config):
    dim = len(start)
    optimizer_config = config["optimizer"]
    name = optimizer_config["name"]
    groups = config.get("groups", [])
    # The coordinates of each group, the rest first.
    members = [[i for a, b in g["ranges"] for i in range(a, b + 1)] for g in groups]
    taken = {i for m in members for i in m}
    rest = [i for i in range(dim) if i not in taken]
    parts = ([rest] if rest else []) + members
    given = ([{}] if rest else []) + groups
    tensors = [torch.tensor([start[i] for i in part], requires_grad=True) for part in parts]
    base = with_betas(optimizer_config, {})
    param_groups = [dict(params=[tensor], **with_betas(g, optimizer_config)) for tensor, g in zip(tensors, given)]
    maximize = dict(maximize=True) if config.get("maximize") else {}
    optimizer = getattr(torch.optim, OPTIMIZERS[name])(param_groups, **base, **maximize)
    schedule = config.get("schedule")
    scheduler = schedule and scheduler_of(optimizer, schedule, "max" if maximize else "min")
    per_epoch = math.ceil(config["samples"] / config["batch"]) if "samples" in config else 1
    every = per_epoch if schedule and (schedule.get("unit") == "epoch" or schedule["name"] == "reduceOnPlateau") else 1
    place = {i: (k, j) for k, part in enumerate(parts) for j, i in enumerate(part)}
    of_all = lambda values: [values[place[i][0]][place[i][1]] for i in range(dim)]
    value_of = lambda: LOSSES[loss](torch.stack([tensors[place[i][0]][place[i][1]] for i in range(dim)]))
    rows = []
    for t in range(1, STEPS + 1):
        optimizer.zero_grad()
        value = value_of()
        value.backward()
        if "clip" in config:
            torch.nn.utils.clip_grad_norm_(tensors, config["clip"]["norm"])
        grads = [tensor.grad.tolist() for tensor in tensors]
        lrs = [[g["lr"]] * len(part) for g, part in zip(optimizer.param_groups, parts)]
        optimizer.step()
        if scheduler and t < STEPS and t % every == 0:
            with torch.no_grad():
                watched = value_of().item() if per_epoch > 1 else value.item()
            scheduler.step(*([watched] if schedule["name"] == "reduceOnPlateau" else []))
        if t in KEEP:
            states = [{STATES[k]: v.tolist() for k, v in optimizer.state[tensor].items() if k != "step" and v is not None}
                      for tensor in tensors]
            state = {k: of_all([s.get(k) if isinstance(s.get(k), list) else [s.get(k)] * len(part) for s, part in zip(states, parts)])
                     for k in {k for s in states for k in s}}
            rows.append(dict(t=t, loss=value.item(), grad=of_all(grads), theta=of_all([x.detach().tolist() for x in tensors]),
                             lrs=of_all(lrs), state=state))
    return dict(case=case, loss=loss, start=start, config=config, steps=rows)

two, four = [-1.2, 1.0], [-1.2, 1.0, 0.5, -0.3]
bowl = [1.0, 1.0]
batches = dict(samples=12, batch=5)

def per_epoch(schedule, optimizer=None):
    return ("%s per epoch" % schedule["name"], "rosenbrock", two,
            dict(optimizer=optimizer or dict(name="adam", lr=0.1), schedule=dict(schedule, unit="epoch"), **batches))

PER_EPOCH = [
    per_epoch(dict(name="step", stepSize=3, gamma=0.3)),
    per_epoch(dict(name="multiStep", milestones=[2, 7, 13], gamma=0.3)),
    per_epoch(dict(name="exponential", gamma=0.9)),
    per_epoch(dict(name="linear", startFactor=0.1, totalIters=6)),
    per_epoch(dict(name="cosine", tMax=20, etaMin=0.001)),
    per_epoch(dict(name="warmupCosine", warmup=4, totalSteps=20, etaMin=0.001)),
    per_epoch(dict(name="oneCycle", maxLr=0.1, totalSteps=20)),
    ("reduceOnPlateau per epoch", "anisotropicQuadratic", bowl,
     dict(optimizer=dict(name="adam", lr=0.5), schedule=dict(name="reduceOnPlateau", factor=0.5, patience=1, unit="epoch"), **batches)),
]

def ascent(name, options, loss="-rosenbrock", start=two, **config):
    extra = ", ".join([k for k in options if k != "lr"] + list(config))
    return ("%s maximizes%s" % (name, extra and ", " + extra), loss, start,
            dict(optimizer=dict(name=name, **options), maximize=True, **config))

ASCENT = [
    ascent("sgd", dict(lr=0.001)),
    ascent("sgd", dict(lr=0.005, momentum=0.9, weightDecay=0.1), loss="-anisotropicQuadratic", start=bowl),
    ascent("sgd", dict(lr=0.005, momentum=0.9, nesterov=True, weightDecay=0.1), loss="-anisotropicQuadratic", start=bowl),
    ascent("adagrad", dict(lr=0.1, lrDecay=0.01, weightDecay=0.1)),
    ascent("rmsprop", dict(lr=0.01, centered=True, momentum=0.5, weightDecay=0.1)),
    ascent("adam", dict(lr=0.05)),
    ascent("adam", dict(lr=0.05, weightDecay=0.1, amsgrad=True)),
    ascent("adamw", dict(lr=0.05, weightDecay=0.1)),
    ascent("adamax", dict(lr=0.05, weightDecay=0.1)),
    ascent("nadam", dict(lr=0.05, weightDecay=0.1)),
    ascent("radam", dict(lr=0.001, weightDecay=0.1, beta2=0.95)),
    ascent("adam", dict(lr=0.05), clip=dict(norm=1.0)),
    ascent("adam", dict(lr=0.5), loss="-anisotropicQuadratic", start=bowl,
           schedule=dict(name="reduceOnPlateau", factor=0.5, patience=3)),
]

def grouped(name, options, groups, start=four, **config):
    extra = "".join(", " + k for k in config)
    named = "+".join(sorted({k for g in groups for k in g if k != "ranges"}))
    return ("%s in groups: %s%s" % (name, named, extra), config.pop("loss", "rosenbrock"), start,
            dict(optimizer=dict(name=name, **options), groups=groups, **config))

GROUPS = [
    grouped("sgd", dict(lr=0.0005, momentum=0.9, weightDecay=0.1), [dict(ranges=[[1, 2]], lr=0.0002, weightDecay=0)]),
    grouped("sgd", dict(lr=0.0005), [dict(ranges=[[0, 0], [3, 3]], lr=0.0002, momentum=0.5, nesterov=True)]),
    grouped("adagrad", dict(lr=0.1), [dict(ranges=[[0, 0]], lr=0.02, lrDecay=0.1, eps=0.01)]),
    grouped("rmsprop", dict(lr=0.01), [dict(ranges=[[2, 3]], alpha=0.9, centered=True, momentum=0.3, eps=1.0)]),
    grouped("adam", dict(lr=0.05), [dict(ranges=[[1, 1]], lr=0.01), dict(ranges=[[2, 3]], weightDecay=0.3)]),
    grouped("adam", dict(lr=0.05, beta1=0.8), [dict(ranges=[[0, 1]], beta2=0.9, eps=0.1, amsgrad=True)]),
    grouped("adamw", dict(lr=0.05, weightDecay=0.3), [dict(ranges=[[3, 3]], weightDecay=0)]),
    grouped("adamax", dict(lr=0.05), [dict(ranges=[[0, 2]], beta1=0.5, weightDecay=0.1)]),
    grouped("nadam", dict(lr=0.05), [dict(ranges=[[0, 1]], momentumDecay=0.1, lr=0.02)]),
    grouped("radam", dict(lr=0.001), [dict(ranges=[[2, 2]], beta2=0.9)]),
    grouped("adam", dict(lr=0.05), [dict(ranges=[[0, 3]], lr=0.01)]),
    grouped("adam", dict(lr=0.05), [dict(ranges=[[2, 3]], lr=0.01)], clip=dict(norm=1.0)),
    grouped("adam", dict(lr=0.1), [dict(ranges=[[2, 3]], lr=0.01)], schedule=dict(name="step", stepSize=10, gamma=0.3)),
    grouped("adam", dict(lr=0.1), [dict(ranges=[[2, 3]], lr=0.01)], schedule=dict(name="cosine", tMax=60, etaMin=0.001)),
    grouped("adam", dict(lr=0.1), [dict(ranges=[[1, 1]], lr=0.03)], schedule=dict(name="warmupCosine", warmup=6, totalSteps=60)),
    grouped("adam", dict(lr=0.1), [dict(ranges=[[0, 0]], lr=0.02)], schedule=dict(name="linear", startFactor=0.1, totalIters=20)),
    grouped("adam", dict(lr=0.1), [dict(ranges=[[0, 0]], lr=0.02)], schedule=dict(name="exponential", gamma=0.9, unit="epoch"), **batches),
    grouped("adam", dict(lr=0.5), [dict(ranges=[[1, 1]], lr=0.1)], start=bowl, loss="-anisotropicQuadratic", maximize=True,
            schedule=dict(name="reduceOnPlateau", factor=0.5, patience=3)),
]

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "variants.json")
    cases = [run("%d %s" % (k, case[0]), *case[1:]) for k, case in enumerate(PER_EPOCH + ASCENT + GROUPS)]
    with open(out, "w") as f:
        rows = ",\n".join(json.dumps(case, allow_nan=False, sort_keys=False) for case in cases)
        f.write('{"torch": %s, "cases": [\n%s\n]}\n' % (json.dumps(torch.__version__), rows))
    print("wrote %d cases" % len(cases))
