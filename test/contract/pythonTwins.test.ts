import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fullPython, fullVariables } from '../../.ci/pythonEnvironments.mjs';
import { readPrinted } from '../support/printedJson';

/**
 * Samples in both languages. `within` bounds the relative difference of every loss and parameter.
 *
 * Let u = 1.1e-16. Six pairs do the same operations in the same order. Only a power, a quotient or exp may differ in its last bit, so one
 * gradient differs by a few u, and a step of Adam or sgd turns that into a few u of lr. None of these losses amplifies a difference:
 * their steps contract, or (diverging) multiply x and its difference alike. In 2000 steps that is at most 2000 · 4u = 9e-13.
 *
 * In raw_features, numpy adds 40 terms in another order. A sum of n terms differs by up to n·u times the sum of their absolute values.
 * Relative to √vHat, which is at least a hundredth of that sum, this is 40 · 100 · u = 4e-13. Over 600 steps of lr 0.05 the parameters,
 * from 0.01 to 1, differ by up to 600 · 0.05 · 4e-13 / 0.01 = 1.2e-9 in the worst case, and a tenth of it with roundings of both signs.
 *
 * No pair has a kink or a branch near its path, where a last bit would decide.
 */
const twins = [
  { typescript: 'diverging.ts#diverging', python: 'diverging.py#diverging', within: 1e-12 },
  { typescript: 'offTheDomain.ts#offTheDomain', python: 'off_the_domain.py#off_the_domain', within: 1e-12 },
  { typescript: 'rawFeatures.ts#rawFeatures', python: 'raw_features.py#raw_features', within: 1e-9 },
  { typescript: 'farAway.ts#farAway', python: 'far_away.py#far_away', within: 1e-12 },
  { typescript: 'tinyLoss.ts#tinyLoss', python: 'tiny_loss.py#tiny_loss', within: 1e-12 },
  { typescript: 'wrongWay.ts#wrongWay', python: 'wrong_way.py#wrong_way', within: 1e-12 },
  { typescript: 'decay.cjs#decayLoss', python: 'decay.ipynb#decay_loss', within: 1e-12 },
];

const root = path.join(import.meta.dirname, '../..');
const samples = path.join(root, 'media/samples');
const cli = path.join(root, 'dist/cli.js');

interface Step {
  readonly t: number;
  readonly loss: number;
  readonly params: readonly number[];
}

interface PrintedFinding {
  readonly code: string;
  readonly severity: string;
  readonly steps: readonly [number, number];
}

interface Ran {
  readonly steps: readonly Step[];
  readonly verdict: string;
  readonly findings: readonly (readonly [string, string, ...(readonly number[])])[];
  readonly gradientMode: string;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-twins-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let python: string;
beforeAll(async () => {
  python = await fullPython();
}, 600_000);

async function ran(target: string): Promise<Ran> {
  const stepsFile = path.join(folder, `${target.replace('#', '-')}.ndjson`);
  const args = ['run', path.join(samples, target), '--json', '--no-verify', '--steps-out', stepsFile];
  const env = { ...process.env, ...fullVariables, ADAMSCOPE_PYTHON: python };
  const stdout = await new Promise<string>((resolve, reject) =>
    execFile(process.execPath, [cli, ...args], { env }, (error, printed, complaints) =>
      // 1: a finding is an error.
      error && error.code !== 1 ? reject(new Error(complaints)) : resolve(printed),
    ),
  );
  const { verdict, findings, gradientMode } = readPrinted(stdout) as {
    readonly verdict: { readonly kind: string };
    readonly findings: readonly PrintedFinding[];
    readonly gradientMode: string;
  };
  return {
    steps: readFileSync(stepsFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => readPrinted(line) as Step),
    verdict: verdict.kind,
    findings: findings.map(({ code, severity, steps }) => [code, severity, ...steps]),
    gradientMode,
  };
}

/** The step from which on the loss is not finite; what follows depends on what a library returns as the derivative of NaN. */
function lengthOf(steps: readonly Step[]): number {
  const broken = steps.findIndex(({ loss }) => !Number.isFinite(loss));
  return broken < 0 ? steps.length : broken;
}

function difference(a: number, b: number): number {
  return a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
}

describe.each(twins)('$python and $typescript', ({ typescript, python: inPython, within }) => {
  let pair: readonly [Ran, Ran];
  beforeAll(async () => {
    pair = await Promise.all([ran(typescript), ran(inPython)]);
  }, 180_000);

  it('have exact gradients', () => {
    expect(pair.map(({ gradientMode }) => gradientMode)).toEqual(['exact', 'exact']);
  });

  it('have the same loss and parameters at every step', () => {
    const [{ steps }, { steps: others }] = pair;
    const length = lengthOf(steps);
    expect(length).toBeGreaterThan(5);
    expect(lengthOf(others)).toBe(length);
    for (const [k, { t, loss, params }] of steps.slice(0, length).entries()) {
      const other = others[k]!;
      expect([other.t, other.params.length]).toEqual([t, params.length]);
      const differences = [
        difference(loss, other.loss),
        ...params.map((x, i) => difference(x, other.params[i]!)),
      ];
      expect(Math.max(...differences), `step ${t}`).toBeLessThanOrEqual(within);
    }
  });

  it('have the same verdict and findings', () => {
    const [{ verdict, findings }, other] = pair;
    expect(findings).not.toEqual([]);
    expect([other.verdict, other.findings]).toEqual([verdict, findings]);
  });
});
