/**
 * Measures the time that the diagnosis adds to a step: with level `steps`, which uses only the recorded
 * steps, and with probes that evaluate the loss to sample the curvature. Runs with and without diagnosis
 * alternate.
 */
import { batchesOf } from '../../src/core/batches';
import { resolveConfig } from '../../src/core/config/resolve';
import type { RunConfigPatch } from '../../src/core/config/runConfig';
import { contextAt } from '../../src/core/context';
import { Diagnosis } from '../../src/core/diagnosis/diagnose';
import { type RunObserver, run } from '../../src/core/runLoop';
import { logisticRegression, type Problem, rosenbrock } from '../unit/diagnosis/support/problems';
import { median, report } from './report';

const rounds = 9;
const nothing: RunObserver = { onStep: () => {} };

/** @returns nanoseconds per step */
async function timed(
  { objective, start }: Problem,
  patch: RunConfigPatch,
  diagnosis: 'none' | 'steps' | 'around',
) {
  const { config } = resolveConfig([patch]);
  const batches = batchesOf(config.samples, config.batch, config.seed);
  const open = (t: number, part = batches.indicesOf(t)) => contextAt(config.seed, batches, t, part);
  const observer =
    diagnosis === 'none'
      ? nothing
      : new Diagnosis({
          config,
          dim: start.length,
          stepsPerEpoch: batches.stepsPerEpoch,
          probing: diagnosis === 'around' ? { objective, open, indicesOf: batches.indicesOf } : null,
        });
  const began = performance.now();
  const { steps } = await run({
    objective,
    start: Float64Array.from(start),
    config,
    validation: null,
    control: { mayStep: () => true, lr: () => Number.NaN },
    observer,
  });
  return ((performance.now() - began) * 1e6) / steps;
}

async function compare(problem: Problem, patch: RunConfigPatch) {
  const bare: number[] = [];
  const steps: number[] = [];
  const around: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const times = [
      await timed(problem, patch, 'none'),
      await timed(problem, patch, 'steps'),
      await timed(problem, patch, 'around'),
    ] as const;
    // The first round is a warm-up.
    if (round === 0) continue;
    bare.push(times[0]);
    steps.push(times[1]);
    around.push(times[2]);
  }
  return { bare, steps, around };
}

const added = (a: readonly number[], b: readonly number[]) => median(a.map((each, i) => each - b[i]!));
const ratio = (a: readonly number[], b: readonly number[]) => median(a.map((each, i) => each / b[i]!));

async function main(): Promise<void> {
  for (const dim of [2, 10, 100]) {
    const start = Array.from({ length: dim }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const times = await compare(rosenbrock(...start), {
      optimizer: { name: 'adam', lr: 0.001 },
      steps: 100_000,
    });
    const name = `Rosenbrock ${dim}`;
    report(`${name}, bare step`, median(times.bare), 'ns/step');
    report(`${name}, diagnosis adds`, added(times.steps, times.bare), 'ns/step', { atMost: 1000 + 20 * dim });
    report(`${name}, and curvature`, added(times.around, times.steps), 'ns/step', {
      atMost: 1000 + 20 * dim,
    });
  }
  const steps = 2000;
  const logistic = await compare(logisticRegression(1, 2000, 10), {
    optimizer: { name: 'adam', lr: 0.01 },
    steps,
  });
  report('logistic 2000 × 10, bare step', median(logistic.bare), 'ns/step');
  report('logistic 2000 × 10, with diagnosis', ratio(logistic.steps, logistic.bare), 'ratio', {
    atMost: 1.1,
  });
  // The probes may use a tenth as many gradients as the run, and 100 more. The rest is for the Hessian
  // products themselves.
  report('logistic 2000 × 10, and curvature', ratio(logistic.around, logistic.steps), 'ratio', {
    atMost: 1.15 + 100 / steps,
  });
}

void main();
