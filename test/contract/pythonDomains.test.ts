import { beforeAll, describe, expect, it } from 'vitest';
import { fullPython } from '../../.ci/pythonEnvironments.mjs';
import { adamscope } from '../support/python/adamscope';

const files = {
  'edges.py': `import math
from math import exp, log, sqrt

import numpy as np

ages = [1, 2, 3, 5, 8]

# adamscope: loss start=[0] optimizer=adam lr=0.1 steps=300
def underflows(theta):
    rate = exp(theta[0])
    return sum(rate * age + log(rate) for age in ages) / len(ages)

# adamscope: loss start=[0, 1] optimizer=adam lr=0.1 steps=300
def underflows_in_numpy(theta: np.ndarray):
    rate = math.exp(theta[0])
    return 3.8 * rate + math.log(rate) + (theta[1] - 1) ** 2

# adamscope: loss start=[2] optimizer=adam lr=0.1 steps=300
def has_a_pole(theta):
    return theta[0] - log(theta[0])

# adamscope: loss start=[0] optimizer=adam lr=0.01 steps=100
def falls_to_an_edge(theta):
    return sqrt(30 - theta[0])

# adamscope: loss start=[0] optimizer=adam lr=0.01 steps=100
def falls_to_its_own_edge(theta):
    if theta[0] > 50:
        raise ValueError("the dose must be at most 50")
    return -theta[0]

# adamscope: loss start=[-1.2, 1] optimizer=sgd lr=0.1 steps=200
def power_overflows(theta):
    x, y = theta
    return 100 * (y - x**2) ** 2 + (1 - x) ** 2

# adamscope: loss start=[2, 1] optimizer=sgd lr=50 steps=200
def exponential_overflows(theta):
    x, y = theta
    return exp(x) + exp(-x) + (1 - y) ** 2

# adamscope: loss start=[2, 1] optimizer=sgd lr=0.5 steps=200
def leaves_its_domain(theta):
    x, y = theta
    return 40 * log(x) ** 2 - 3 * log(x) + (1 - y) ** 2
`,
} as const;

interface Run {
  readonly verdict: { readonly kind: string };
  readonly stopped: string;
  readonly problems?: readonly { readonly message: string }[];
  readonly findings: readonly {
    readonly code: string;
    readonly origin: { readonly expression: string } | null;
  }[];
}

describe('a Python loss at numbers where the arithmetic of Python raises', () => {
  let python: string;
  beforeAll(async () => {
    python = await fullPython();
  }, 600_000);

  const run = (name: string): Run =>
    JSON.parse(adamscope(python, files, 'run', `edges.py#${name}`, '--json', '--no-verify').stdout);

  it.each(['underflows', 'underflows_in_numpy'])(
    'has no lower bound if it falls until a number underflows (%s)',
    (name) => {
      const { verdict, findings } = run(name);
      expect(verdict.kind).toBe('unbounded');
      expect(findings.map(({ code }) => code)).toEqual(['unbounded-loss']);
    },
  );

  it('has a minimum before its pole', () => {
    const { verdict, findings } = run('has_a_pole');
    expect(verdict.kind).toBe('converged');
    expect(findings.filter(({ code }) => code === 'unbounded-loss')).toEqual([]);
  });

  it.each(['falls_to_an_edge', 'falls_to_its_own_edge'])(
    'is not unbounded because it falls until the end of its domain (%s)',
    (name) => {
      const { verdict, findings } = run(name);
      expect(verdict.kind).toBe('still-improving');
      expect(findings.map(({ code }) => code)).not.toContain('unbounded-loss');
    },
  );

  it('diverges if its numbers overflow in the run', () => {
    const { verdict, findings } = run('power_overflows');
    expect(verdict.kind).toBe('diverged');
    expect(findings.map(({ code }) => code)).toEqual(['divergence']);
  });

  it('is infinite at the expression that overflows', () => {
    const { stopped, findings } = run('exponential_overflows');
    expect(stopped).toBe('nonFinite');
    expect(findings).toMatchObject([{ code: 'non-finite-loss', origin: { expression: 'exp(x)' } }]);
  });

  it('fails where the run leaves its domain', () => {
    const { stopped, problems } = run('leaves_its_domain');
    expect(stopped).toBe('error');
    expect(problems?.[0]?.message).toContain('ValueError');
  });
});
