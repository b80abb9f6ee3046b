import { beforeAll, describe, expect, it } from 'vitest';
import { fullPython } from '../../.ci/pythonEnvironments.mjs';
import { adamscope } from '../support/python/adamscope';

const files = {
  'variances.py': `import jax.numpy as jnp
import numpy as np
import torch

grid = torch.linspace(-1, 1, 30, dtype=torch.float64)
single = grid.float()
points = np.linspace(-1, 1, 30)

# adamscope: loss start=[0.5] dtype=float32 optimizer=adam lr=0.05 steps=100
def of_torch(theta: torch.Tensor):
    r = 20000 + 3 * single - theta[0] * single
    return torch.mean(r**2) - torch.mean(r) ** 2

# adamscope: loss start=[0.5] dtype=float32 optimizer=adam lr=0.05 steps=100
def of_numpy(theta: np.ndarray):
    x = points.astype(np.float32)
    r = np.float32(20000) + 3 * x - theta[0] * x
    return np.mean(r**2) - np.mean(r) ** 2

# adamscope: loss start=[0.5] dtype=float32 optimizer=adam lr=0.05 steps=100
def of_jax(theta: jnp.ndarray):
    x = jnp.asarray(points, dtype=jnp.float32)
    r = 20000 + 3 * x - theta[0] * x
    return jnp.mean(r**2) - jnp.mean(r) ** 2

# adamscope: loss start=[0.5] optimizer=adam lr=0.05 steps=100
def of_floats(theta):
    r = [1e9 + 3 * x - theta[0] * x for x in points.tolist()]
    return sum(x**2 for x in r) / len(r) - (sum(r) / len(r)) ** 2

# adamscope: loss start=[0.5] dtype=float32 optimizer=adam lr=0.05 steps=200
def of_deviations(theta: torch.Tensor):
    r = 20000 + (3 - theta[0]) * single
    return torch.mean((r - torch.mean(r)) ** 2)

# adamscope: loss start=[0.3, 0.7] dtype=float32 optimizer=adam lr=0.05 steps=300
def far_from_zero(theta: torch.Tensor):
    return 1000 + (theta[0] - 1) ** 2 + 10 * (theta[1] + 1) ** 2

# adamscope: loss start=[2, 1] dtype=float32 optimizer=adam lr=0.05 steps=100
def detached(theta: torch.Tensor):
    return torch.mean((theta[0].detach() * single + theta[1] - torch.sin(2 * single)) ** 2)

# adamscope: loss start=[0.5, -4] dtype=float32 optimizer=adam lr=0.05 steps=100
def flat(theta: torch.Tensor):
    return torch.mean((torch.relu(theta[0] * single + theta[1]) - 1) ** 2)
`,
} as const;

describe('a Python loss of terms that cancel', () => {
  let python: string;
  beforeAll(async () => {
    python = await fullPython();
  }, 600_000);

  const codesOf = (name: string): string[] => {
    const { stdout } = adamscope(python, files, 'run', `variances.py#${name}`, '--json', '--no-verify');
    const { findings } = JSON.parse(stdout) as { findings: { code: string; severity: string }[] };
    return findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
  };

  it.each(['of_torch', 'of_numpy', 'of_jax', 'of_floats'])(
    'is mostly rounding errors, which no other finding describes (%s)',
    (name) => {
      expect(codesOf(name)).toEqual(['precision-loss']);
    },
  );

  it('has digits left if none cancel, in the same precision', () => {
    expect(codesOf('of_deviations')).not.toContain('precision-loss');
    expect(codesOf('far_from_zero')).toEqual([]);
    expect(codesOf('flat')).toEqual(['zero-gradient']);
  });

  it('still has a wrong gradient in float32', () => {
    expect(codesOf('detached')).toEqual(['gradient-mismatch']);
  });
});
