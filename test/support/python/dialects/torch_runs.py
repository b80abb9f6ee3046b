import torch
from problem import snake

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
S = torch.optim.lr_scheduler

OPTIMIZERS = {
    "sgd": "SGD", "adagrad": "Adagrad", "rmsprop": "RMSprop", "adam": "Adam", "adamw": "AdamW", "adamax": "Adamax",
    "nadam": "NAdam", "radam": "RAdam",
}


def arguments(options):
    others = {snake(k): v for k, v in options.items() if k not in ("name", "dialect", "ranges", "beta1", "beta2")}
    return {**others, **({"betas": (float(options["beta1"]), float(options["beta2"]))} if "beta1" in options else {})}


def scheduler_of(optimizer, schedule, maximize):
    name = schedule["name"]
    options = {snake(k): v for k, v in schedule.items() if k != "name"}
    if name == "warmupCosine":
        warmup, total = options["warmup"], options["total_steps"]
        parts = [
            S.LinearLR(optimizer, start_factor=1 / warmup, total_iters=warmup - 1),
            S.CosineAnnealingLR(optimizer, T_max=total - warmup, eta_min=options["eta_min"]),
        ]
        return S.SequentialLR(optimizer, parts, milestones=[warmup])
    if name == "cosine":
        return S.CosineAnnealingLR(optimizer, T_max=options["t_max"], eta_min=options["eta_min"])
    if name == "reduceOnPlateau":
        return S.ReduceLROnPlateau(optimizer, mode="max" if maximize else "min", **options)
    kinds = {"step": S.StepLR, "multiStep": S.MultiStepLR, "exponential": S.ExponentialLR, "linear": S.LinearLR, "oneCycle": S.OneCycleLR}
    return kinds[name](optimizer, **options)


def run(case, problem):
    config = case["config"]
    optimizer_options, schedule, clip = config["optimizer"], config["schedule"], config["clip"]
    groups = config["groups"] or []
    members = [[i for first, last in group["ranges"] for i in range(first, last + 1)] for group in groups]
    taken = {i for part in members for i in part}
    parts = [[i for i in range(len(problem.start)) if i not in taken], *members]
    given = [{}, *groups]
    tensors = [torch.tensor([problem.start[i] for i in part], requires_grad=True) for part in parts]
    optimizer = getattr(torch.optim, OPTIMIZERS[optimizer_options["name"]])(
        [{"params": [tensor], **arguments({**optimizer_options, **options})} for tensor, options in zip(tensors, given)],
        **arguments(optimizer_options),
        maximize=problem.maximize,
    )
    scheduler = schedule and scheduler_of(optimizer, schedule, problem.maximize)
    place = {i: (k, j) for k, part in enumerate(parts) for j, i in enumerate(part)}

    def joined(values):
        return [values[place[i][0]][place[i][1]] for i in range(len(problem.start))]

    result = {"params": [], "lrs": []}
    for step in range(problem.steps):
        params = joined([tensor.tolist() for tensor in tensors])
        gradient = problem.gradient(step, params)
        for tensor, part in zip(tensors, parts):
            tensor.grad = torch.tensor([gradient[i] for i in part])
        if clip and "norm" in clip:
            torch.nn.utils.clip_grad_norm_(tensors, clip["norm"])
        elif clip:
            torch.nn.utils.clip_grad_value_(tensors, clip["value"])
        result["lrs"].append(joined([[group["lr"]] * len(part) for group, part in zip(optimizer.param_groups, parts)]))
        optimizer.step()
        result["params"].append(joined([tensor.tolist() for tensor in tensors]))
        if schedule and step + 1 < problem.steps:
            watched = [problem.loss(step, params)] if schedule["name"] == "reduceOnPlateau" else []
            scheduler.step(*watched)
    return result
