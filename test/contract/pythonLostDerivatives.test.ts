import { beforeAll, describe, expect, it } from 'vitest';
import { fullPython } from '../../.ci/pythonEnvironments.mjs';
import { adamscope } from '../support/python/adamscope';

const files = {
  'graphs.py': `import jax
import jax.numpy as jnp
import numpy as np
import torch

x = torch.linspace(-1, 1, 20, dtype=torch.float64)
points = np.linspace(-1, 1, 20)

# adamscope: loss start=[2, 1] optimizer=adam lr=0.05
def detached(theta: torch.Tensor):
    scale, shift = theta
    return torch.mean((scale.detach() * x + shift - torch.sin(2 * x)) ** 2)

# adamscope: loss start=[2, 1] optimizer=adam lr=0.05
def data_beside_logging(theta: torch.Tensor):
    scale, shift = theta
    largest = [theta.norm().item()]
    largest.append(scale.item())
    return torch.mean((scale.data * x + shift - torch.sin(2 * x)) ** 2)

# adamscope: loss start=[2, 1] optimizer=adam lr=0.05
def without_grad(theta: torch.Tensor):
    with torch.no_grad():
        line = 2 * theta[0] * x
    return torch.mean((line + theta[1] - torch.sin(2 * x)) ** 2)

@torch.no_grad()
def line_of(theta):
    return 2 * theta[0] * x

# adamscope: loss start=[2, 1] optimizer=adam lr=0.05
def decorated(theta: torch.Tensor):
    return torch.mean((line_of(theta) + theta[1] - torch.sin(2 * x)) ** 2)

# adamscope: loss start=[2, 1] optimizer=adam lr=0.05
def with_float(theta: torch.Tensor):
    penalty = float(theta[0])
    return torch.mean((theta[1] * x) ** 2) + penalty**2

# adamscope: loss start=[2, 1] optimizer=adam lr=0.05
def through_numpy(theta: torch.Tensor):
    w = np.sin(theta.detach().numpy())
    return torch.mean((theta[1] * x - 1) ** 2) + w[0] ** 2

# adamscope: loss start=[2, 1] optimizer=adam lr=0.05
def new_tensor(theta: torch.Tensor):
    w = torch.tensor([theta[0], 1.0])
    return torch.sum(w**2) + theta[1] ** 2

# adamscope: loss start=[2, 1] optimizer=adam lr=0.05
def of_jax(theta: jnp.ndarray):
    return jnp.mean((jax.lax.stop_gradient(theta[0]) * points + theta[1] - 1) ** 2)

class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, v):
        ctx.save_for_backward(v)
        return v**2

    @staticmethod
    def backward(ctx, g):
        (v,) = ctx.saved_tensors
        return g * v

# adamscope: loss start=[2, 1] optimizer=adam lr=0.05
def own_backward(theta: torch.Tensor):
    return Square.apply(theta[0]) + (theta[1] - 1) ** 2

# adamscope: loss start=[2, 1] optimizer=adam lr=0.05
def shifted(theta: torch.Tensor):
    p = theta[0] * x + theta[1]
    shift = p.max().detach()
    return torch.log(torch.sum(torch.exp(p - shift))) + shift + (theta**2).sum()
`,
  'targets.py': `import torch

x = torch.linspace(-1, 1, 20, dtype=torch.float64).reshape(-1, 1)

def build_model():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(1, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)).double()

target_network = build_model()

# adamscope: loss module=build_model optimizer=adam lr=0.01
def with_target_network(model):
    target = 1 + 0.5 * target_network(x).detach()
    return torch.mean((model(x) - target) ** 2)
`,
} as const;

interface Found {
  readonly code: string;
  readonly origin: { readonly kind: string; readonly expression: string } | null;
}

describe('a Python loss whose gradient lacks a part', () => {
  let python: string;
  beforeAll(async () => {
    python = await fullPython();
  }, 600_000);

  const mismatch = (target: string): Found | undefined => {
    const { stdout, stderr } = adamscope(
      python,
      files,
      'run',
      target,
      '--json',
      '--no-verify',
      '--set',
      'steps=40',
    );
    const run = JSON.parse(stdout || `{ "error": ${JSON.stringify(stderr)} }`) as { findings: Found[] };
    return run.findings.find(({ code }) => code === 'gradient-mismatch');
  };

  it.each([
    ['detached', 'scale.detach()'],
    ['data_beside_logging', 'scale.data'],
    ['without_grad', 'torch.no_grad()'],
    ['decorated', 'line_of(theta)'],
    ['with_float', 'float(theta[0])'],
    ['through_numpy', 'theta.detach()'],
    ['new_tensor', 'torch.tensor([theta[0], 1.0])'],
    ['of_jax', 'jax.lax.stop_gradient(theta[0])'],
  ])('loses it at an expression of %s', (name, expression) => {
    expect(mismatch(`graphs.py#${name}`)?.origin).toMatchObject({ kind: 'lost-derivative', expression });
  });

  it('has no such expression if its own backward pass is wrong', () => {
    expect(mismatch('graphs.py#own_backward')).toMatchObject({ origin: null });
  });

  it.each(['graphs.py#shifted', 'targets.py#with_target_network'])(
    'is right where what is detached does not matter (%s)',
    (target) => {
      expect(mismatch(target)).toBeUndefined();
    },
  );
});
