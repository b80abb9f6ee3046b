import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { together } from '../../../src/core/observers';
import { ExpectedEnd, meanOf, standardErrorOf } from '../../../src/core/verify/expectedEnd';
import { runPatch } from '../../support/run';
import { type Problem, problem } from '../diagnosis/support/problems';

/** The losses at the end of a run, and the loss of each step. */
async function ended({ objective, start }: Problem, lr: number, steps: number) {
  const patch = { optimizer: { name: 'sgd', lr }, steps };
  const end = new ExpectedEnd(resolveConfig([patch]).config);
  const losses: number[] = [];
  const observer = together([end, { onStep: ({ loss }) => void losses.push(loss) }]);
  await runPatch(objective, start, patch, observer);
  return { end: await end.losses(objective), losses };
}

/** (x − target(t))². */
const tracking = (target: (t: number) => number) =>
  problem([2], ([x], grad, { step }) => {
    grad[0] = 2 * (x! - target(step));
    return (x! - target(step)) ** 2;
  });

/** (x − u)² with u uniform in [0, 1): its expectation is at least 1/12. */
const noisy = problem([0.5], ([x], grad, { random }) => {
  const u = random();
  grad[0] = 2 * (x! - u);
  return (x! - u) ** 2;
});

describe('the losses at the end of a run whose loss differs from step to step', () => {
  it.for([
    ['a period', (t: number) => Math.sin(t / 10), 500, 48],
    ['a constant speed', (t: number) => 0.01 * t, 600, 48],
    ['as many steps as points', (t: number) => Math.sin(t), 16, 16],
  ] as const)('are those of the last steps, before each step, with %s', async ([, target, steps, last]) => {
    // With lr 0.5, each step reaches the minimum of its own loss function exactly.
    const { end, losses } = await ended(tracking(target), 0.5, steps);
    expect(end).toMatchObject({ isRandom: false, steps: last });
    expect(meanOf(end!.means)).toBeCloseTo(meanOf(losses.slice(-last)), 12);
    expect(meanOf(end!.means)).toBeGreaterThan(5e-5);
    expect(standardErrorOf(end!)).toBe(0);
  });

  it('are expected ones with draws that no step has seen, where the loss draws random numbers', async () => {
    // Each step goes to the minimum of its own draw, where the loss of that draw is 0. The expectation at u is 1/12 + (u − 1/2)².
    const { end } = await ended(noisy, 0.5, 2000);
    expect(end!.isRandom).toBe(true);
    expect(Math.abs(meanOf(end!.means) - 1 / 6)).toBeLessThan(3 * standardErrorOf(end!));
    expect(standardErrorOf(end!)).toBeGreaterThan(0);
  });

  it('are unknown for fewer than 16 steps', async () => {
    expect((await ended(noisy, 0.1, 15)).end).toBeNull();
  });
});
