import { beforeAll, describe, expect, it } from 'vitest';
import { fullPython } from '../../.ci/pythonEnvironments.mjs';
import { adamscope } from '../support/python/adamscope';

const files = {
  'units.py': `import jax
import jax.numpy as jnp
import numpy as np
import torch
from scipy.special import expit

x = torch.linspace(-1, 1, 20, dtype=torch.float64)
points = np.linspace(-1, 1, 20)
labels = (x > 0).double()

# adamscope: loss start=[1, 32] optimizer=sgd lr=0.5 steps=200
def by_hand(theta: np.ndarray):
    w, b = theta
    return np.mean((1 / (1 + np.exp(-(w * points + b))) - 0.2) ** 2)

# adamscope: loss start=[1, 32] optimizer=sgd lr=0.5 steps=200
def of_jax(theta: jnp.ndarray):
    w, b = theta
    return jnp.mean((jax.nn.sigmoid(w * points + b) - 0.2) ** 2)

# adamscope: loss start=[1, 32] optimizer=sgd lr=0.5 steps=200
def of_scipy(theta: np.ndarray):
    w, b = theta
    return np.mean((expit(w * points + b) - 0.2) ** 2)

# adamscope: loss start=[0.1, 0.1] optimizer=adam lr=0.1 steps=300
def out_of_reach(theta: torch.Tensor):
    w, b = theta
    return torch.mean((torch.sigmoid(w * x + b) - 3) ** 2)

# adamscope: loss start=[0.1, 0.1] optimizer=adam lr=0.1 steps=300
def out_of_reach_of_numpy(theta: np.ndarray):
    w, b = theta
    return np.mean((np.tanh(w * points + b) - 3 - points) ** 2)

# adamscope: loss start=[0.1, 0.1] optimizer=adam lr=0.5 steps=400
def separable(theta: torch.Tensor):
    p = torch.sigmoid(theta[0] * x + theta[1])
    return -torch.mean(labels * torch.log(p + 1e-12) + (1 - labels) * torch.log(1 - p + 1e-12))

# adamscope: loss start=[0.1, 0.1, 0.1] optimizer=adam lr=0.2 steps=300
def expected_cost(theta: torch.Tensor):
    return torch.sum(torch.softmax(theta, 0) * torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64))

# adamscope: loss start=[0.5, 12, 0.5] optimizer=adam lr=0.05 steps=400
def open_gate(theta: torch.Tensor):
    return torch.mean((torch.sigmoid(theta[1]) * theta[0] * x + theta[2] - (2 * x + 1)) ** 2)

# adamscope: loss start=[0.5, 0.1, 0.4] optimizer=adam lr=0.05 steps=400
def step_of_data(theta: torch.Tensor):
    return torch.mean((theta[2] * torch.tanh(10 * theta[0] * (x - theta[1])) - torch.sign(x - 0.3)) ** 2)
`,
  'floats.py': `import math

points = [k / 10 - 1 for k in range(21)]

def sigmoid(z):
    return 1 / (1 + math.exp(-z))

# adamscope: loss start=[1, 32] optimizer=sgd lr=0.5 steps=200
def of_floats(theta):
    w, b = theta
    return sum((sigmoid(w * x + b) - 0.2) ** 2 for x in points) / 20
`,
  'layers.py': `import torch

x = torch.linspace(-1, 1, 20, dtype=torch.float64).reshape(-1, 1)

def build():
    torch.manual_seed(0)
    layers = [torch.nn.Linear(1, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1), torch.nn.Sigmoid()]
    model = torch.nn.Sequential(*layers).double()
    with torch.no_grad():
        model[2].bias.fill_(30)
    return model

# adamscope: loss module=build optimizer=sgd lr=0.5 steps=200
def of_layers(model):
    return torch.mean((model(x) - 0.2) ** 2)
`,
} as const;

interface Found {
  readonly code: string;
  readonly severity: string;
  readonly evidence: { readonly class?: string };
  readonly origin: { readonly expression: string } | null;
}

describe('saturated expressions of a Python loss', () => {
  let python: string;
  beforeAll(async () => {
    python = await fullPython();
  }, 600_000);

  const findings = (target: string): readonly Found[] => {
    const { stdout, stderr } = adamscope(python, files, 'run', target, '--json', '--no-verify');
    const run = JSON.parse(stdout || `{ "error": ${JSON.stringify(stderr)} }`) as { findings: Found[] };
    return run.findings.filter(({ severity }) => severity !== 'info');
  };

  it.each([
    ['units.py#by_hand', '1 / (1 + np.exp(-(w * points + b)))'],
    ['units.py#of_jax', 'jax.nn.sigmoid(w * points + b)'],
    ['units.py#of_scipy', 'expit(w * points + b)'],
    ['floats.py#of_floats', '1 / (1 + math.exp(-z))'],
    ['layers.py#of_layers', 'model(x)'],
  ])('keep %s from moving', (target, expression) => {
    expect(findings(target)).toMatchObject([
      { code: 'saturation', evidence: { class: 'vanished' }, origin: { expression } },
    ]);
  });

  it.each([
    ['units.py#out_of_reach', 'torch.sigmoid(w * x + b)'],
    ['units.py#out_of_reach_of_numpy', 'np.tanh(w * points + b)'],
  ])('cannot reach the targets of %s', (target, expression) => {
    expect(findings(target)).toMatchObject([
      { code: 'saturation', evidence: { class: 'out-of-reach' }, origin: { expression } },
    ]);
  });

  it.each(['separable', 'expected_cost', 'open_gate', 'step_of_data'])('are intended in %s', (name) => {
    expect(findings(`units.py#${name}`)).toEqual([]);
  });
});
