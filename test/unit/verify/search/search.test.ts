import { describe, expect, it } from 'vitest';
import { mergePatches, resolveConfig } from '../../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import { type SearchBudget, searchSentence } from '../../../../src/core/verify/search/searchBudget';
import type { Verification } from '../../../../src/core/verify/verification';
import { verifyFixes } from '../../../../src/core/verify/verifyFixes';
import { Watcher } from '../../../../src/core/verify/watcher';
import { runPatch } from '../../../support/run';
import { bowl, type Problem, problem, rosenbrock } from '../../diagnosis/support/problems';
import { settingOf } from '../support/verified';

const slow = { optimizer: { name: 'adam', lr: 0.001 }, steps: 600 };
const generous: SearchBudget = { times: 60, seconds: 1e9 };

/** A problem whose gradient evaluations are counted. */
function counted(of: Problem): { readonly problem: Problem; readonly count: () => number } {
  let evaluations = 0;
  const { objective } = of;
  return {
    problem: {
      ...of,
      objective: {
        ...objective,
        valueAndGradient(params, grad, open) {
          evaluations++;
          return objective.valueAndGradient(params, grad, open);
        },
      },
    },
    count: () => evaluations,
  };
}

interface Searching {
  readonly budget?: SearchBudget;
  readonly secondsNow?: () => number;
  readonly went?: (done: number, total: number) => boolean;
}

async function search(
  of: Problem,
  patch: RunConfigPatch,
  { budget = generous, secondsNow = () => 0, went = () => true }: Searching = {},
): Promise<Verification> {
  const { config } = resolveConfig([patch]);
  const setting = settingOf(of, { looksAround: true, progress: { went }, search: { budget, secondsNow } });
  const watcher = new Watcher(config, of.objective, setting);
  const outcome = await runPatch(of.objective, of.start, patch, watcher);
  const { findings, verdict } = await watcher.finish(outcome);
  return verifyFixes(setting, config, findings, verdict);
}

describe('a search for fixes', () => {
  it('has evaluations left for a run of a few steps, and counts only what it tried', async () => {
    const short = { optimizer: { name: 'adam', lr: 0.5 }, steps: 12 };
    const { ofVerdict, search: spent } = await search(bowl([2, 6], [4, -3]), short);
    expect(spent!.mostEvaluations).toBe(60 * 100);
    expect(spent!.configurations).toBeLessThanOrEqual(spent!.evaluations);
    expect(ofVerdict.fixes.length).toBeGreaterThan(0);
    for (const { verified } of ofVerdict.fixes)
      expect(verified!.after.loss).toBeLessThan(verified!.before.loss);
  });

  it('finds a configuration that reaches the minimum, for a verdict without findings', async () => {
    const { ofVerdict, search: spent } = await search(rosenbrock(), slow);
    expect(ofVerdict.refusal).toBeNull();
    expect(ofVerdict.fixes.length).toBeGreaterThan(0);
    expect(Math.min(...ofVerdict.fixes.map(({ verified }) => verified!.after.bestLoss))).toBeLessThan(1e-6);
    expect(spent!.configurations).toBeGreaterThan(30);
  });

  it('promises what a run with the fix reaches, bit for bit', async () => {
    const { ofVerdict } = await search(rosenbrock(), slow);
    for (const { patch, verified } of ofVerdict.fixes) {
      const { objective, start } = rosenbrock();
      const { final, best, steps, stopped } = await runPatch(objective, start, mergePatches(slow, patch!));
      expect(verified!.after).toEqual({ loss: final.loss, bestLoss: best.loss, steps, stopped });
    }
  });

  it('rescales coordinates whose scales differ widely, and promises what such a run reaches', async () => {
    const scales = [1, 1, 1e-3, 1e4] as const;
    const far = bowl(
      scales.map((scale) => 3 / scale ** 2),
      scales.map((scale) => 5 * scale),
      scales.map((scale, i) => (i - 1.3) * scale),
    );
    const patch = { optimizer: { name: 'sgd', lr: 1e-8 }, steps: 400 };
    const { ofVerdict } = await search(far, patch);
    const rescaled = ofVerdict.fixes.find((fix) => fix.patch?.groups);
    expect(rescaled!.patch!.groups).toMatchObject([{ ranges: [[2, 2]] }, { ranges: [[3, 3]] }]);
    expect(rescaled!.words!.label).toMatch(/^lr .*2: lr .*; 3: lr /);
    const { final } = await runPatch(far.objective, far.start, mergePatches(patch, rescaled!.patch!));
    expect(rescaled!.verified!.after.loss).toBe(final.loss);
    expect(final.loss).toBeLessThan(1e-12);
  });

  it('rescales nothing where scales are alike, or the user has groups', async () => {
    const alike = await search(bowl([1, 3], [1, 1]), { optimizer: { name: 'sgd', lr: 1e-4 }, steps: 200 });
    expect(alike.ofVerdict.fixes.filter(({ patch }) => patch?.groups)).toEqual([]);
    const groups = [{ ranges: [[0, 0]] as const, lr: 1e-9 }];
    const own = await search(bowl([1, 1e6], [1, 1]), {
      optimizer: { name: 'sgd', lr: 1e-9 },
      groups,
      steps: 200,
    });
    for (const { patch } of own.ofVerdict.fixes)
      for (const group of patch?.groups ?? []) expect(group.ranges).toEqual([[0, 0]]);
  });

  it('offers the learning rate nearest to that of the run, of those that reach the same loss', async () => {
    const far = bowl([1, 1], [30, -20]);
    const own = { optimizer: { name: 'adam', lr: 0.001 }, steps: 1000 };
    const { ofVerdict } = await search(far, own);
    const [first] = ofVerdict.fixes;
    const { lr } = first!.patch!.optimizer as { lr: number };
    expect(first!.patch).toEqual({ optimizer: { lr } });
    // A tenth of it must reach a clearly higher loss.
    const { final } = await runPatch(
      far.objective,
      far.start,
      mergePatches(own, { optimizer: { lr: lr / 10 } }),
    );
    expect(final.loss).toBeGreaterThan(1000 * first!.verified!.after.loss + 1e-9 * 650);
  });

  it('gives the same result twice', async () => {
    expect(await search(rosenbrock(), slow)).toEqual(await search(rosenbrock(), slow));
  });

  it.each([60, 30, 12, 5, 3, 2, 1.5, 1])(
    'counts its gradient evaluations, at most %d times those of the run',
    async (times) => {
      const { problem: of, count } = counted(rosenbrock());
      let ofRun = Number.NaN;
      const { search: spent } = await search(of, slow, {
        budget: { times, seconds: 1e9 },
        // The first call comes before the baseline run.
        secondsNow() {
          if (Number.isNaN(ofRun)) ofRun = count();
          return 0;
        },
      });
      expect(spent!.evaluations).toBe(count() - ofRun);
      expect(spent!.mostEvaluations).toBe(times * slow.steps);
      expect(spent!.evaluations).toBeLessThanOrEqual(times * slow.steps);
    },
  );

  it('ends when its time is over, with the results so far', async () => {
    const { problem: of, count } = counted(rosenbrock());
    const perSecond = 6000;
    const {
      search: spent,
      isComplete,
      ofVerdict,
    } = await search(of, slow, {
      budget: { times: 60, seconds: 1 },
      secondsNow: () => count() / perSecond,
    });
    expect(spent!.isCutByTime).toBe(true);
    expect(isComplete).toBe(true);
    expect(ofVerdict.fixes.length).toBeGreaterThan(0);
    // Each evaluation takes a 6000th of a second, and the last one may end after the limit.
    expect(spent!.seconds).toBeLessThanOrEqual(1 + 2 / perSecond);
    expect(spent!.untried).toBe(0);
    expect(searchSentence(spent!)).toMatch(
      /^Searched \d+ configurations with [\d,]+ of 36,000 gradient evaluations in .* the time limit ended the search\.$/,
    );
  });

  it('is not the only part that its time limits: fixes of findings are left untried, and counted', async () => {
    const { problem: of, count } = counted(bowl([3000, 40, 1], [1, 1, 1]));
    const { search: spent, isComplete } = await search(
      of,
      { optimizer: { name: 'sgd', lr: 0.01 }, steps: 400 },
      { budget: { times: 60, seconds: 1 }, secondsNow: () => count() / 900 },
    );
    expect(isComplete).toBe(true);
    expect(spent!.seconds).toBeLessThanOrEqual(1 + 2 / 900);
    expect(spent!.untried).toBeGreaterThan(0);
    expect(searchSentence(spent!)).toMatch(
      /the time limit ended the search\. \d+ proposed fix(es were| was) not tried\.$/,
    );
  });

  it.each([200, 1000, 3000, 9000])(
    'begins no evaluation after its time, with %d evaluations in a second',
    async (perSecond) => {
      const { problem: of, count } = counted(rosenbrock());
      const { objective } = of;
      let [isVerifying, late, seconds] = [false, 0, 0];
      const evaluated = () => {
        if (isVerifying && seconds > 1) late++;
        if (isVerifying) seconds += 1 / perSecond;
      };
      const timed: Problem = {
        ...of,
        objective: {
          ...objective,
          value(params, open) {
            evaluated();
            return objective.value(params, open);
          },
          valueAndGradient(params, grad, open) {
            evaluated();
            return objective.valueAndGradient(params, grad, open);
          },
        },
      };
      const { search: spent } = await search(timed, slow, {
        budget: { times: 60, seconds: 1 },
        secondsNow() {
          isVerifying = true;
          return seconds;
        },
      });
      expect(count()).toBeGreaterThan(0);
      expect(late).toBe(0);
      expect(spent!.seconds).toBeLessThanOrEqual(1 + 1.5 / perSecond);
    },
  );

  it('has no baseline run beyond its time, for a verdict without findings', async () => {
    const { problem: of, count } = counted(rosenbrock());
    const {
      search: spent,
      isComplete,
      ofVerdict,
    } = await search(of, slow, {
      budget: { times: 60, seconds: 1 },
      secondsNow: () => count() / 300,
    });
    expect(isComplete).toBe(true);
    expect(ofVerdict).toEqual({ fixes: [], refusal: null });
    expect(spent).toMatchObject({ isCutByTime: true, configurations: 0 });
    expect(spent!.seconds).toBeLessThan(1.5);
  });

  it('ends at once when the user stops it', async () => {
    const { problem: of, count } = counted(rosenbrock());
    let stoppedAt = 0;
    const { isComplete } = await search(of, slow, {
      went() {
        if (count() > 12_000 && stoppedAt === 0) stoppedAt = count();
        return stoppedAt === 0;
      },
    });
    expect(isComplete).toBe(false);
    // One evaluation of the last point of the run that was going on.
    expect(count() - stoppedAt).toBeLessThanOrEqual(1);
  });

  it('reports its progress in runs of the given number of steps', async () => {
    const seen: [number, number][] = [];
    await search(rosenbrock(), slow, {
      went(done, total) {
        seen.push([done, total]);
        return true;
      },
    });
    expect(seen.every(([, total]) => total === 60)).toBe(true);
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).toSorted((a, b) => a - b));
    expect(seen.at(-1)![0]).toBeLessThanOrEqual(60);
  });

  it.each<[string, Problem, RunConfigPatch]>([
    ['a run that converged', bowl([2, 3], [1, 1]), { optimizer: { name: 'sgd', lr: 0.3 }, steps: 300 }],
    [
      'a loss without a minimum',
      problem([1], (p, grad) => {
        grad[0] = -1;
        return -p[0]!;
      }),
      { optimizer: { name: 'adam', lr: 0.01 }, steps: 300 },
    ],
  ])('is not made for %s', async (_name, of, patch) => {
    const { search: spent, ofVerdict } = await search(of, patch);
    expect(spent).toBeNull();
    expect(ofVerdict.fixes).toEqual([]);
  });

  it('is not made without a budget', async () => {
    const { config } = resolveConfig([slow]);
    expect((await verifyFixes(settingOf(rosenbrock()), config, [], null)).search).toBeNull();
  });
});

describe('the outcomes of a search', () => {
  it('are shared by the verdict and the findings that ask for it', async () => {
    const steep = bowl([3000, 40, 1], [1, 1, 1]);
    const { fixes, search: spent } = await search(steep, {
      optimizer: { name: 'sgd', lr: 0.01 },
      steps: 400,
    });
    expect(spent).not.toBeNull();
    expect(fixes[0]!.some(({ verified }) => verified!.after.loss < 1e-9)).toBe(true);
  });
});
