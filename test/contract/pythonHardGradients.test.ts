import { beforeAll, describe, expect, it } from 'vitest';
import { fullPython } from '../../.ci/pythonEnvironments.mjs';
import { adamscope } from '../support/python/adamscope';

let python: string;
beforeAll(async () => {
  python = await fullPython();
}, 1_800_000);

const head = '# adamscope: loss start=[1.5, -2]\n';
const jax = 'import jax, jax.numpy as jnp\nfrom functools import partial\n';

describe('a loss that its library differentiates only with care has its gradient', () => {
  it.each([
    ['numpy: a matrix', 'import numpy as np', 'def f(t):\n    m = np.matrix(t)\n    return m * m.T', 'exact'],
    [
      'torch: with gradients switched off by the module',
      'import torch\ntorch.set_grad_enabled(False)',
      'def f(t):\n    return (t**2).sum()',
      'exact',
    ],
    [
      'torch: with a backward pass of its own',
      'import torch',
      'def f(t):\n    loss = (t**2).sum()\n    loss.backward()\n    return loss',
      'finite-difference',
    ],
    [
      'torch: with members of tensors only, under a decorator',
      'import torch',
      '@torch.enable_grad()\ndef f(t):\n    return t.detach().pow(2).sum() * 0 + t.pow(2).sum()',
      'exact',
    ],
    [
      'jax: compiled with a static step',
      jax,
      '@partial(jax.jit, static_argnames="step")\ndef f(t, step):\n    return jnp.sum(t**2) * (1.0 if step < 99 else 2.0)',
      'exact',
    ],
    ['jax: returns a float', jax, 'def f(t):\n    return float(jnp.sum(t**2))', 'finite-difference'],
    [
      'jax: without 64 bits',
      `${jax}jax.config.update("jax_enable_x64", False)\n`,
      'def f(t, seed):\n    return jnp.sum(t**2)',
      'exact',
    ],
  ])('%s', (_, before, loss, gradientMode) => {
    const text = `${before}\n${head}${loss}\n`;
    const { stdout, stderr } = adamscope(python, { 'a.py': text }, 'grad', 'a.py#f', '--json');
    expect(stderr.includes('error')).toBe(false);
    const { value, grad, gradientMode: mode } = JSON.parse(stdout);
    expect([value, ...grad].map((each) => Number(each.toFixed(5)))).toEqual([6.25, 3, -4]);
    expect(mode).toBe(gradientMode);
  });
});

it('reports an error of a jax loss at its line, without a warning', () => {
  const text = `${jax}${head}def f(t):\n    return jnp.dot(t, jnp.zeros(3))\n`;
  const { stderr } = adamscope(python, { 'a.py': text }, 'run', 'a.py#f', '--no-verify', '--steps=2');
  expect(stderr).toMatch(/^adamscope: a\.py:5:12: f failed at step 1: TypeError: dot_general requires .*\n$/);
});

it('shows a warning of a numpy loss once, as Python does', () => {
  const text = `import numpy as np\n# adamscope: loss start=[-1.0]\ndef f(t):\n    return np.log(t[0])\n`;
  const { stderr } = adamscope(python, { 'a.py': text }, 'run', 'a.py#f', '--no-verify', '--steps=20');
  expect(stderr.match(/RuntimeWarning: invalid value encountered in log/g)).toHaveLength(1);
});
