import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { fullPython } from '../../.ci/pythonEnvironments.mjs';
import { adamscope } from '../support/python/adamscope';
import { folderWith } from '../support/startRun';

const files = {
  'model.py': `import torch
from torch import nn

X = torch.linspace(-1, 1, 24, dtype=torch.float64).reshape(8, 3)
Y = X @ torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)

def build_model():
    torch.manual_seed(1)
    net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2), nn.Linear(2, 1)).double()
    net[1].bias.requires_grad_(False)
    return net

def make_batch(indices):
    return X[indices], Y[indices]

# adamscope: loss module=build_model data=make_batch samples=8 batch=4
#     optimizer=adam lr=0.01 steps=4
def error(model, batch):
    x, y = batch
    return ((model(x).squeeze(1) - y) ** 2).mean()
`,
  'twin.py': `import torch, json
from model import build_model, X, Y, error
torch.manual_seed(0)
model = build_model()
parameters = [p for p in model.parameters() if p.requires_grad]
loss = error(model, (X, Y))
loss.backward()
print(json.dumps([loss.item(), torch.cat([p.grad.reshape(-1) for p in parameters]).tolist()]))
`,
  'train.py': `import json
from optimizers import SharedCount, build, line
model = build()
optimizer = SharedCount(model.parameters(), lr=0.01)
for _ in range(50):
    optimizer.zero_grad()
    line(model).backward()
    optimizer.step()
print(json.dumps(line(model).item()))
`,
  'optimizers.py': `import math
import torch


# adamscope: optimizer-step adam lr=0.01
class Right(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                s = self.state[p]
                if not s:
                    s.update(step=0, exp_avg=torch.zeros_like(p), exp_avg_sq=torch.zeros_like(p))
                s["step"] += 1
                s["exp_avg"].mul_(b1).add_(p.grad, alpha=1 - b1)
                s["exp_avg_sq"].mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                m = s["exp_avg"] / (1 - b1 ** s["step"])
                v = s["exp_avg_sq"] / (1 - b2 ** s["step"])
                p.sub_(group["lr"] * m / (v.sqrt() + group["eps"]))


# adamscope: optimizer-step adam lr=0.01
class Uncorrected(Right):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                s = self.state[p]
                if not s:
                    s.update(step=0, exp_avg=torch.zeros_like(p), exp_avg_sq=torch.zeros_like(p))
                s["step"] += 1
                s["exp_avg"].mul_(b1).add_(p.grad, alpha=1 - b1)
                s["exp_avg_sq"].mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                v = s["exp_avg_sq"] / (1 - b2 ** s["step"])
                p.sub_(group["lr"] * s["exp_avg"] / (v.sqrt() + group["eps"]))


# adamscope: optimizer-step adam lr=0.01
class EpsInside(Right):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-4):
        super().__init__(params, lr, betas, eps)


# adamscope: optimizer-step adam lr=0.01
class SharedCount(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))
        self.t = 0

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                s = self.state[p]
                if not s:
                    s.update(m=torch.zeros_like(p), v=torch.zeros_like(p))
                self.t += 1
                s["m"].mul_(b1).add_(p.grad, alpha=1 - b1)
                s["v"].mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                m = s["m"] / (1 - b1**self.t)
                v = s["v"] / (1 - b2**self.t)
                p.sub_(group["lr"] * m / (v.sqrt() + group["eps"]))


# adamscope: optimizer-step adam lr=0.01
class Broken(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3):
        super().__init__(params, dict(lr=lr))

    def step(self):
        raise RuntimeError("not written yet")


def build():
    torch.manual_seed(1)
    return torch.nn.Linear(2, 1).double()


# adamscope: loss module=build optimizer=adam own=SharedCount lr=0.01 steps=50
def line(model):
    return ((model(torch.eye(2, dtype=torch.float64)).squeeze(1) - 1) ** 2).mean()


# adamscope: loss start=[3, -2] optimizer=adam own=Right lr=0.1 steps=60
def bowl(theta: torch.Tensor):
    return (theta ** 2).sum()
`,
} as const;

let python: string;
beforeAll(async () => {
  python = await fullPython();
}, 600_000);

describe('the parameters of a torch module', () => {
  it('are named coordinates, without those that are frozen', () => {
    const { stdout, stderr } = adamscope(python, files, 'run', 'model.py#error', '--json', '--no-verify');
    const run = JSON.parse(stdout || stderr) as {
      loss: { dim: number };
      config: { names: string[] };
      environment: { gradientBy: string; packages: { torch: string } };
    };
    expect(run.loss.dim).toBe(2 * 3 + 2 + 2 + 2 + 1);
    expect(run.config.names).toEqual([
      '0.weight[0..1][0..2]',
      '0.bias[0..1]',
      '1.weight[0..1]',
      '2.weight[0..0][0..1]',
      '2.bias[0..0]',
    ]);
    expect(run.environment.gradientBy).toBe('torch autograd');
    expect(run.environment.packages.torch).toMatch(/^2\.13\.0/);
  });

  it("have torch's gradient", () => {
    const { stdout } = adamscope(python, files, 'grad', 'model.py#error', '--json');
    const { value, grad } = JSON.parse(stdout) as { value: number; grad: number[] };
    const [loss, expected] = JSON.parse(
      execFileSync(python, ['twin.py'], { cwd: folderWith(files), encoding: 'utf8' }),
    ) as [number, number[]];
    expect(value).toBe(loss);
    expect(grad).toEqual(expected);
  });
});

describe("a user's own torch optimizer", () => {
  const check = (name: string) => adamscope(python, files, 'invariances', `optimizers.py#${name}`).stdout;

  it.each([
    ['Right', /Your step equals adam/],
    ['Uncorrected', /no-bias-correction-m/],
    ['EpsInside', /eps/],
    ['SharedCount', /t increases for every tensor: increase it once per step/],
    ['Broken', /throws at step 1: RuntimeError: not written yet\. Thrown at optimizers\.py:77:9\.\n/],
  ])('%s', (name, expected) => {
    expect(check(name)).toMatch(expected);
  });

  it('makes the steps of a training loop on the tensors of a module', () => {
    const loop = execFileSync(python, ['train.py'], { cwd: folderWith(files), encoding: 'utf8' });
    const { stdout } = adamscope(python, files, 'run', 'optimizers.py#line', '--json', '--no-verify');
    expect((JSON.parse(stdout) as { final: { loss: number } }).final.loss).toBe(JSON.parse(loop));
  });

  it('drives a run, with its moments', () => {
    const { stdout, stderr } = adamscope(python, files, 'run', 'optimizers.py#bowl', '--json', '--no-verify');
    expect(stderr).toBe('');
    const { problems, final } = JSON.parse(stdout) as { problems: unknown[]; final: { loss: number } };
    expect(problems).toEqual([]);
    expect(final.loss).toBeLessThan(1);
  });
});
