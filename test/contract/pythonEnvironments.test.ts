import { execFileSync } from 'node:child_process';
import { beforeAll, expect, it } from 'vitest';
import {
  barePython,
  fullPackages,
  fullPython,
  fullVariables,
  otherPython,
} from '../../.ci/pythonEnvironments.mjs';

let full: string;
let bare: string;
let other: { python: string; version: string };

beforeAll(async () => {
  [full, bare, other] = await Promise.all([fullPython(), barePython(), otherPython()]);
}, 900_000);

const print = (python: string, program: string) =>
  execFileSync(python, ['-c', program], {
    encoding: 'utf8',
    env: { ...process.env, ...fullVariables },
  }).trim();

it('has every package of the full environment in its version', () => {
  const versions = print(
    full,
    `import json; from importlib.metadata import version; print(json.dumps({name: version(name) for name in ${JSON.stringify(Object.keys(fullPackages))}}))`,
  );
  const { torch, ...others } = JSON.parse(versions) as Record<string, string>;
  // A build for one device carries its name: 2.13.0+cpu.
  expect({ torch: torch?.split('+')[0], ...others }).toEqual(fullPackages);
});

it('imports all packages of the full environment into one process', () => {
  const program = `
import torch, numpy, scipy, jax, optax, keras, pyarrow, autograd
assert keras.backend.backend() == "jax"
print(float(jax.grad(lambda x: x * x)(3.0)), torch.tensor([1.0]).numpy()[0])
`;
  expect(print(full, program)).toBe('6.0 1.0');
}, 120_000);

it('has no package in the bare environment', () => {
  const program = `
import importlib.util
print([name for name in ("numpy", "torch", "pip") if importlib.util.find_spec(name)])
`;
  expect(print(bare, program)).toBe('[]');
});

it('has a second version of Python', () => {
  const version = 'import sys; print(".".join(map(str, sys.version_info[:3])))';
  expect(print(other.python, version)).toBe(other.version);
  expect(print(bare, version)).not.toBe(other.version);
});
