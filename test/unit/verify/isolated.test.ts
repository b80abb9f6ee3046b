import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfig } from '../../../src/core/config/runConfig';
import type { Objective } from '../../../src/core/objective';
import type { Candidate } from '../../../src/core/verify/candidates';
import { examineFirst } from '../../../src/core/verify/isolated';
import type { Tried } from '../../../src/core/verify/judgeProposal';
import { Spending } from '../../../src/core/verify/search/searchBudget';
import { trial } from './support/trial';

const steps = 20;

/** A plateau of height 5 over which all steps have the same length, and a well at 1: only some step lengths end in it. */
const plateauWithWell: Objective = {
  dim: 1,
  gradientMode: 'exact',
  value: ([x]) => (Math.abs(x! - 1) < 0.1 ? 0 : 5),
  valueAndGradient([x], grad) {
    const isInside = Math.abs(x! - 1) < 0.1;
    grad[0] = isInside ? 0 : -1;
    return isInside ? 0 : 5;
  },
};

const configAt = (lr: number): RunConfig =>
  resolveConfig([{ steps, optimizer: { name: 'sgd', lr, momentum: 0 } }]).config;

/** For each of the fixes at these learning rates, which all end in the well: whether it is isolated. */
async function isolatedAt(
  rates: readonly number[],
  { times = 60, isContextual = false }: { times?: number; isContextual?: boolean } = {},
) {
  const candidates = rates.map((lr): Candidate => ({ config: configAt(lr), edit: null, agreesUntil: 0 }));
  const tried = new Map<Candidate, Tried>(
    candidates.map((each) => [each, { trial: trial({ level: 0, config: each.config }) }]),
  );
  const spending = new Spending({ times, seconds: 10 }, 100, () => 0);
  const objective = spending.counted(plateauWithWell);
  await examineFirst({
    setting: {
      start: Float64Array.of(0),
      startLoss: 5,
      validation: null,
      isContextual,
      objective: async () => objective,
      goesOn: () => true,
    },
    baseline: trial({ level: 5, config: configAt(0.01) }),
    tried,
    spending,
    firstOffered: () => candidates.filter((each) => !tried.get(each)!.isIsolated).slice(0, 1),
  });
  return {
    isolated: candidates.map((each) => tried.get(each)!.isIsolated ?? false),
    evaluations: spending.evaluations,
  };
}

describe('a fix that is offered first', () => {
  it('is isolated if neither a shorter nor a longer step reaches its loss', async () => {
    expect((await isolatedAt([1])).isolated).toEqual([true]);
  });

  it('is stable if one of them reaches it', async () => {
    expect((await isolatedAt([0.05])).isolated).toEqual([false]);
  });

  it('is followed by the next one, which is examined too', async () => {
    expect((await isolatedAt([1, 0.99, 0.05, 1.02])).isolated).toEqual([true, true, false, false]);
  });

  it('is examined only within the budget', async () => {
    expect(await isolatedAt([1], { times: 0.19 })).toEqual({ isolated: [false], evaluations: 0 });
  });

  it('is not examined where each step has a loss of its own', async () => {
    expect((await isolatedAt([1], { isContextual: true })).evaluations).toBe(0);
  });
});
