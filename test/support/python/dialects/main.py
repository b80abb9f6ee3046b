"""Runs optimizers of torch, optax and Keras: reads a list of cases as JSON from stdin, writes their trajectories as JSON to stdout.

A case is {library, config, theirs, start, curvature, noise}:
  config     a complete configuration in this project's words: optimizer, schedule, clip, groups, maximize
  theirs     arguments in the library's words, which replace those made from the configuration
  curvature  [dim]
  noise      [steps][dim]; null: the gradient of that coordinate is 0 in that step
A trajectory is {params, lrs}, both [steps][dim].
"""
import json
import sys

import keras_runs
import optax_runs
import torch_runs
from problem import Problem

RUNNERS = {"torch": torch_runs.run, "optax": optax_runs.run, "keras": keras_runs.run}


def versions():
    import jax, keras, optax, torch
    return {"torch": torch.__version__.split("+")[0], "optax": optax.__version__, "keras": keras.__version__, "jax": jax.__version__}


cases = json.load(sys.stdin)
trajectories = [RUNNERS[case["library"]](case, Problem(case)) for case in cases]
# A value that is not finite would be a fault of the case, so it is an error.
json.dump({"versions": versions(), "trajectories": trajectories}, sys.stdout, allow_nan=False)
