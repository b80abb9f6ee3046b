import { beforeAll, describe, expect, it } from 'vitest';
import { fullPython } from '../../.ci/pythonEnvironments.mjs';
import { adamscope } from '../support/python/adamscope';

const files = {
  'a.py': `import functools
import jax
import jax.numpy as jnp
import numpy as np
import torch

X = np.array([[1.0, 2.0], [3.0, -1.0]])

# adamscope: loss start=[1, 2]
quartic = lambda x: x[0] ** 2 + x[1] ** 4

def product(w: jax.Array):
    return w[0] * w[1]

# adamscope: loss start=[3, 2]
jitted = jax.jit(product)

def ridge(X, w, lam):
    return np.sum((X @ w) ** 2) + lam * np.sum(w ** 2)

# adamscope: loss start=[1, 2]
fitted = functools.partial(ridge, X, lam=0.5)

def scaled(factor: float, w: torch.Tensor):
    return factor * torch.sum(w ** 2)

# adamscope: loss start=[1, 2]
partial = functools.partial(scaled, 2.0)

# adamscope: loss start=[1, 2]
compiled = torch.compile(backend="eager")(lambda w: torch.sum(w ** 3))

def bowl(factor):
    def inner(w):
        return factor * w[0] ** 2
    return inner

# adamscope: loss start=[2]
made = bowl(3)
`,
};

let python: string;
beforeAll(async () => {
  python = await fullPython();
}, 600_000);

describe('a Python loss that a variable holds', () => {
  it.each([
    ['quartic', [2, 32]],
    ['jitted', [2, 3]],
    ['fitted', [17, 20]],
    ['partial', [4, 8]],
    ['compiled', [3, 12]],
    ['made', [12]],
  ])('has the exact gradient: %s', (name, grad) => {
    const { stdout, stderr } = adamscope(python, files, 'grad', `a.py#${name}`, '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ grad, gradientMode: 'exact' });
  });

  it('is run', () => {
    const { stdout } = adamscope(python, files, 'run', 'a.py#fitted', '--steps=30', '--no-verify', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ loss: { name: 'fitted', dim: 2 }, gradientMode: 'exact' });
  });
});
