import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { barePython, fullPython, otherPython } from '../../.ci/pythonEnvironments.mjs';
import { adamscope } from '../support/python/adamscope';

const files = {
  'plain.py': `import math
from math import log

# adamscope: loss start=[-1.2, 1]
def rosenbrock(theta):
    x, y = theta
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2

# adamscope: loss start=[0.5, 2]
def functions(theta):
    x, y = theta
    return math.exp(-x) + log(y) + math.hypot(x, y) + sum([x, y, 1]) ** 2 / max(x, y)

# adamscope: loss start=[0.5, 2]
def rounded(theta):
    x, y = theta
    return round(x, 1) * y + y * y

# adamscope: loss start={'x': 1, 'y': 2}
def numbers(x: float, y: float) -> float:
    return x * y ** 3

# adamscope: loss start={'a': 3, 'b': 2}
def named(p: dict) -> float:
    return p["a"] ** 2 * p["b"]

def gradient_of_own(theta):
    return [2 * theta[0], 4 * theta[1]]

# adamscope: loss start=[1, 2] gradient=gradient_of_own
def own(theta):
    return theta[0] ** 2 + 2 * theta[1] ** 2
`,
  'arrays.py': `import numpy as np
from numpy import exp

X = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 0.25]])
y = np.array([1.0, 0.0, 1.0])

# adamscope: loss start=[0.1, -0.2]
def logistic(w: np.ndarray) -> float:
    z = X @ w
    return np.mean(np.log(1 + exp(-z)) + (1 - y) * z)

# adamscope: loss start=[0.5, 1.5] library=numpy
def absolute(w):
    return np.abs(w[0]) + w[1] ** 2 + float(np.floor(w[1] * 0))

params_start = {"w": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": 0.5}

# adamscope: loss params=params_start
def structured(params):
    return np.sum(params["w"] ** 2) + 3 * params["b"]
`,
  'tensors.py': `import torch

# adamscope: loss start=[1, 2, 3]
def quartic(theta: torch.Tensor) -> torch.Tensor:
    return torch.sum(theta ** 4)

# adamscope: loss start=[1, 2, 3] dtype=float32
def single(theta: torch.Tensor) -> torch.Tensor:
    assert theta.dtype == torch.float32
    return torch.sum(theta ** 2)

# adamscope: loss start=[1, 2, 3]
def detached(theta: torch.Tensor):
    return torch.sum(theta ** 2).item()

def start():
    return {"w": torch.ones(2, 2, dtype=torch.float64), "b": [torch.zeros(2, dtype=torch.float64)]}

# adamscope: loss params=start
def structured(p):
    return (p["w"] @ torch.tensor([1.0, 2.0], dtype=torch.float64) + p["b"][0]).pow(2).sum()
`,
  'jaxes.py': `import jax.numpy as jnp

# adamscope: loss start=[0, 0.5]
def smooth(theta):
    return jnp.sum((theta - 1.0) ** 2) + jnp.exp(theta[0])

# adamscope: loss start=[2, 0.5]
def branching(theta: jnp.ndarray):
    if theta[0] > 1:
        return theta[0] ** 3 + theta[1]
    return theta[0]
`,
} as const;

interface Answer {
  readonly at: readonly number[];
  readonly value: number;
  readonly grad: readonly number[];
  readonly gradientMode: string;
  readonly environment: { readonly gradientBy: string | null; readonly version: string };
  readonly problems?: readonly { readonly code: string; readonly message: string }[];
}

function gradOf(python: string, target: string): Answer {
  const { stdout, stderr } = adamscope(python, files, 'grad', target, '--json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Answer;
}

const plainCases: readonly [string, { value: number; grad: readonly number[]; by: string | null }][] = [
  ['plain.py#rosenbrock', { value: 24.2, grad: [-215.6, -88], by: 'reverse mode' }],
  [
    'plain.py#functions',
    {
      value: Math.exp(-0.5) + Math.log(2) + Math.hypot(0.5, 2) + 3.5 ** 2 / 2,
      grad: [
        -Math.exp(-0.5) + 0.5 / Math.hypot(0.5, 2) + 3.5,
        0.5 + 2 / Math.hypot(0.5, 2) + 3.5 - 3.5 ** 2 / 4,
      ],
      by: 'reverse mode',
    },
  ],
  ['plain.py#numbers', { value: 8, grad: [8, 12], by: 'reverse mode' }],
  ['plain.py#named', { value: 18, grad: [12, 9], by: 'reverse mode' }],
];

/** A few roundings of values of this size. */
const relative = 1e-14;

function expectClose(found: number, wanted: number): void {
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(relative * Math.max(1, Math.abs(wanted)));
}

function expectAnswer(
  { value, grad, gradientMode, environment }: Answer,
  wanted: (typeof plainCases)[number][1],
): void {
  expectClose(value, wanted.value);
  expect(grad).toHaveLength(wanted.grad.length);
  for (const [i, each] of grad.entries()) expectClose(each, wanted.grad[i]!);
  expect([gradientMode, environment.gradientBy]).toEqual([
    wanted.by === null ? 'provided' : 'exact',
    wanted.by,
  ]);
}

const z = [0.1 - 0.4, 0.3 + 0.2, 0.05 - 0.05];
const sigmoid = z.map((each) => 1 / (1 + Math.exp(-each)));
const rows = [
  [1, 2],
  [3, -1],
  [0.5, 0.25],
];
const labels = [1, 0, 1];

describe('the gradient of a Python loss is exact, and says by what', () => {
  let python: string;
  beforeAll(async () => {
    python = await fullPython();
  }, 600_000);

  it.each<[string, (typeof plainCases)[number][1]]>([
    ...plainCases,
    ['plain.py#own', { value: 9, grad: [2, 8], by: null }],
    [
      'arrays.py#logistic',
      {
        value:
          z.reduce((sum, each, i) => sum + Math.log(1 + Math.exp(-each)) + (1 - labels[i]!) * each, 0) / 3,
        grad: [0, 1].map((k) => sigmoid.reduce((sum, p, i) => sum + (p - labels[i]!) * rows[i]![k]!, 0) / 3),
        by: 'autograd',
      },
    ],
    ['arrays.py#structured', { value: 31.5, grad: [2, 4, 6, 8, 3], by: 'autograd' }],
    ['tensors.py#quartic', { value: 98, grad: [4, 32, 108], by: 'torch autograd' }],
    ['tensors.py#single', { value: 14, grad: [2, 4, 6], by: 'torch autograd' }],
    ['tensors.py#structured', { value: 18, grad: [6, 12, 6, 12, 6, 6], by: 'torch autograd' }],
    ['jaxes.py#smooth', { value: 2.25, grad: [-1, -1], by: 'jax.value_and_grad' }],
    ['jaxes.py#branching', { value: 8.5, grad: [12, 1], by: 'jax.value_and_grad' }],
  ])('%s', (target, wanted) => {
    expectAnswer(gradOf(python, target), wanted);
  });

  it.each([
    ['plain.py#rounded', [0, 4.5], /round\(\) has no derivative/],
    ['tensors.py#detached', [2, 4, 6], /returns a float, which has left torch's graph/],
  ])('%s: by differences, and why', (target, grad, why) => {
    const answer = gradOf(python, target);
    expect(answer.gradientMode).toBe('finite-difference');
    for (const [i, each] of answer.grad.entries()) expect(each).toBeCloseTo(grad[i]!, 6);
    expect(answer.problems).toEqual([
      expect.objectContaining({ code: 'no-exact-gradient', message: expect.stringMatching(why) }),
    ]);
  });
});

it('a refusal has its place at the loss, also where the project contains the bridge', async () => {
  const root = path.join(import.meta.dirname, '../..');
  const { stdout } = spawnSync(
    process.execPath,
    ['dist/cli.js', 'grad', 'test/corpus/faults/python/checks.py#jittered', '--at', '0.5,0.2', '--json'],
    { cwd: root, encoding: 'utf8', env: { ...process.env, ADAMSCOPE_PYTHON: await fullPython() } },
  );
  const { problems } = JSON.parse(stdout) as { problems: { code: string; location: { file: string } }[] };
  expect(problems.map(({ code, location }) => [code, location.file])).toEqual([
    ['no-exact-gradient', 'test/corpus/faults/python/checks.py'],
  ]);
});

it('the coordinates of a structure have its names', async () => {
  const { stdout } = adamscope(await fullPython(), files, 'grad', 'arrays.py#structured');
  expect(stdout.split('\n').slice(2)).toEqual([
    '          at  gradient',
    'w[0][0]    1         2',
    'w[0][1]    2         4',
    'w[1][0]    3         6',
    'w[1][1]    4         8',
    'b        0.5         3',
    '',
  ]);
});

describe('a compiled jax loss', () => {
  it('is deterministic, although its operations one by one round in another way', async () => {
    const text = `import jax.numpy as jnp
t = jnp.linspace(0, 4, 41)
observed = 1.3 * jnp.exp(-0.2 * t) * jnp.cos(2.1 * t + 0.3)

# adamscope: loss start=[1, 0.1, 2, 0] optimizer=adam lr=0.01 steps=400
def damped(p):
    a, g, om, ph = p
    return jnp.mean((a * jnp.exp(-g * t) * jnp.cos(om * t + ph) - observed) ** 2)
`;
    const { stdout } = adamscope(
      await fullPython(),
      { 'a.py': text },
      'run',
      'a.py#damped',
      '--json',
      '--no-verify',
    );
    const { findings } = JSON.parse(stdout) as { findings: { code: string }[] };
    expect(findings.map(({ code }) => code)).not.toContain('non-deterministic-loss');
  });
});

describe.each([
  ['without packages', async () => await barePython()],
  ['of another version', async () => (await otherPython()).python],
])('an interpreter %s', (_, interpreter) => {
  let python: string;
  beforeAll(async () => {
    python = await interpreter();
  }, 600_000);

  it.each(plainCases)('%s', (target, wanted) => {
    expectAnswer(gradOf(python, target), wanted);
  });

  it('says which package is missing, at the line that imports it', () => {
    const { stderr, status } = adamscope(python, files, 'grad', 'arrays.py#logistic', '--json');
    expect(status).toBe(2);
    expect(stderr).toBe(
      `adamscope: arrays.py:1:1: the module could not be loaded: ModuleNotFoundError: No module named 'numpy'; to install it for this interpreter (--python), run "${python}" -m pip install numpy, or select an interpreter that has it\n`,
    );
  });
});
