import { beforeAll, describe, expect, it } from 'vitest';
import { fullPython } from '../../.ci/pythonEnvironments.mjs';
import { adamscope } from '../support/python/adamscope';

const files = {
  'nan.py': `import numpy as np
import torch
import jax.numpy as jnp

data = [1.0, 2.0, float("nan"), 4.0]

# adamscope: loss start=[-1, 1]
def torch_log(theta: torch.Tensor):
    a, b = theta
    return torch.log(a) + b ** 2

# adamscope: loss start=[0, 1]
def torch_where(theta: torch.Tensor):
    safe = torch.where(theta > 0, torch.sqrt(theta), 0 * theta)
    return safe.sum()

# adamscope: loss start=[2, 0.5]
def numpy_log(w: np.ndarray):
    p = 1 - w
    return -np.sum(np.log(p)) + w[0] ** 2

# adamscope: loss start=[0, 1]
def jax_root(w: jnp.ndarray):
    return jnp.sqrt(jnp.sum((w - jnp.array([0.0, 1.0])) ** 2))

# adamscope: loss start=[1, 1]
def dirty(w):
    return sum((w[0] * x - w[1]) ** 2 for x in data)

# adamscope: loss start=[800, 1]
def overflow(w: np.ndarray):
    return np.log(np.sum(np.exp(w)))

# adamscope: loss start=[0, 1]
def numpy_root(w: np.ndarray):
    return np.sum(np.sqrt(w))
`,
  'rounds.py': `import math
import numpy as np
import torch
import jax.numpy as jnp

sizes = np.array([3.2, 4.9])

# adamscope: loss start=[1.05, 0]
def numpy_floor(theta):
    scale, offset = theta
    boxes = np.floor(scale * sizes) + offset
    return np.mean((boxes - 5) ** 2)

# adamscope: loss start=[1.05, 2]
def torch_round(theta: torch.Tensor):
    whole = torch.round(theta[0])
    return (whole - 3) ** 2 + theta[1] ** 2

# adamscope: loss start=[1.05, 2]
def jax_int(theta: jnp.ndarray):
    kind = theta[0].astype(int)
    return (kind - 3) ** 2 + theta[1] ** 2

# adamscope: loss start=[1.05, 2] gradient_mode=finite-difference
def plain_floor(theta):
    return (math.floor(theta[0]) - 3) ** 2 + theta[1] ** 2

# adamscope: loss start=[1.05, 2]
def unused(theta: torch.Tensor):
    return torch.round(theta[1]) * 0 + theta[1] ** 2
`,
  'model.py': `import torch

def build():
    torch.manual_seed(0)
    return torch.nn.Linear(2, 1)

# adamscope: loss module=build steps=5
def entropy(model):
    p = model(torch.ones(1, 2)) * 0
    return (p * torch.log(p)).sum()
`,
} as const;

interface Origin {
  readonly kind: string;
  readonly location: { readonly line: number; readonly column: number };
  readonly expression: string;
  readonly inputs: readonly (number | string)[];
  readonly datum?: string;
}

describe('the expression that makes a Python loss not finite', () => {
  let python: string;
  beforeAll(async () => {
    python = await fullPython();
  }, 600_000);

  it.each<[string, Partial<Origin>]>([
    [
      'nan.py#torch_log',
      { kind: 'non-finite-value', expression: 'torch.log(a)', inputs: [-1], location: at(10, 12) },
    ],
    [
      'nan.py#torch_where',
      {
        kind: 'non-finite-derivative',
        expression: 'torch.sqrt(theta)',
        inputs: [0],
        location: at(14, 35),
      },
    ],
    [
      'nan.py#numpy_log',
      { kind: 'non-finite-value', expression: 'np.log(p)', inputs: [-1], location: at(20, 20) },
    ],
    [
      'nan.py#jax_root',
      {
        kind: 'non-finite-derivative',
        expression: 'jnp.sqrt(jnp.sum((w - jnp.array([0.0, 1.0])) ** 2))',
        inputs: [0],
        location: at(24, 12),
      },
    ],
    ['nan.py#dirty', { kind: 'non-finite-datum', datum: 'data[2]', location: at(28, 17) }],
    [
      'nan.py#overflow',
      { kind: 'non-finite-value', expression: 'np.exp(w)', inputs: [800], location: at(32, 26) },
    ],
    [
      'nan.py#numpy_root',
      { kind: 'non-finite-derivative', expression: 'np.sqrt(w)', inputs: [0], location: at(36, 19) },
    ],
    ['model.py#entropy', { kind: 'non-finite-value', expression: 'torch.log(p)', location: at(10, 17) }],
  ])('%s', (target, origin) => {
    const { stdout, stderr } = adamscope(python, files, 'run', target, '--json', '--no-verify', '--steps=5');
    const { findings } = JSON.parse(stdout || `{ "error": ${JSON.stringify(stderr)} }`) as {
      findings: { code: string; origin: Origin | null }[];
    };
    const found = findings.find(({ code }) => code.startsWith('non-finite'))?.origin;
    expect(found).toMatchObject(origin);
  });
});

describe('the expression that rounds', () => {
  let python: string;
  beforeAll(async () => {
    python = await fullPython();
  }, 600_000);

  it.each([
    ['numpy_floor', 'np.floor(scale * sizes)'],
    ['torch_round', 'torch.round(theta[0])'],
    ['jax_int', 'theta[0].astype(int)'],
    ['plain_floor', 'math.floor(theta[0])'],
    ['unused', null],
  ])('%s', (name, expression) => {
    const { stdout } = adamscope(
      python,
      files,
      'run',
      `rounds.py#${name}`,
      '--json',
      '--no-verify',
      '--steps=40',
    );
    const { findings } = JSON.parse(stdout) as { findings: { code: string; origin: Origin | null }[] };
    const found = findings.find(({ code }) => code === 'zero-gradient');
    expect(found?.origin ?? null).toEqual(
      expression === null ? null : expect.objectContaining({ kind: 'cut-derivative', expression }),
    );
  });
});

function at(line: number, column: number) {
  return expect.objectContaining({ line, column }) as Origin['location'];
}
