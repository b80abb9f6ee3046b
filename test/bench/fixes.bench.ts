/**
 * Compares the best offered fix with the best of 150 random configurations, on 12 problems with a bad configuration: the
 * ratio of the final losses above the minimum, where a difference below 1e-12 of that at the start counts as 0. Also prints
 * the gradient evaluations of the search, relative to those of the run.
 */
import { resolveConfig } from '../../src/core/config/resolve';
import type { RunConfig, RunConfigPatch } from '../../src/core/config/runConfig';
import { type Random, seededRandom } from '../../src/core/numerics/random';
import { type RunObserver, type RunOutcome, run } from '../../src/core/runLoop';
import { defaultBudget } from '../../src/core/verify/search/searchBudget';
import { verifyFixes } from '../../src/core/verify/verifyFixes';
import { Watcher } from '../../src/core/verify/watcher';
import type { Problem } from '../unit/diagnosis/support/problems';
import { settingOf } from '../unit/verify/support/verified';
import { type BadlyConfigured, badlyConfigured } from './fixProblems';
import { report } from './report';

const randomConfigurations = 150;
const floor = 1e-12;
const within = 10;

function runOf(
  { objective, start }: Problem,
  config: RunConfig,
  observer: RunObserver = {},
): Promise<RunOutcome> {
  return run({
    objective,
    start: Float64Array.from(start),
    config,
    validation: null,
    control: { mayStep: () => true, lr: () => Number.NaN },
    observer,
  });
}

/** The ranges of the random configurations. */
function randomPatch(random: Random, steps: number): RunConfigPatch {
  const of = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!;
  const lr = Number((10 ** (-5 + random() * (Math.log10(3) + 5))).toPrecision(3));
  const options = of([
    { name: 'sgd', momentum: of([0, 0.5, 0.9, 0.95, 0.99]) },
    { name: 'adam', beta2: of([0.9, 0.99, 0.999]) },
    { name: 'rmsprop', alpha: of([0.9, 0.99, 0.999]) },
    { name: 'nadam', beta2: of([0.9, 0.99, 0.999]) },
    { name: 'adagrad' },
  ]);
  return { optimizer: { ...options, lr }, schedule: random() < 0.5 ? { name: 'cosine', tMax: steps } : null };
}

async function bestOfRandom({
  problem,
  patch,
}: BadlyConfigured): Promise<{ loss: number; patch: RunConfigPatch }> {
  const random = seededRandom(7, 31);
  const { optimizer: _, ...rest } = patch;
  let best: { loss: number; patch: RunConfigPatch } = { loss: Number.POSITIVE_INFINITY, patch: {} };
  for (let i = 0; i < randomConfigurations; i++) {
    const tried = randomPatch(random, patch.steps!);
    const { final } = await runOf(problem, resolveConfig([rest, tried]).config);
    if (final.loss < best.loss) best = { loss: final.loss, patch: tried };
  }
  return best;
}

async function minimumOf({ problem, minimum }: BadlyConfigured): Promise<number> {
  if (minimum !== null) return minimum;
  const patch = { optimizer: { name: 'sgd', lr: 1, momentum: 0.9 }, steps: 20_000 };
  return (await runOf(problem, resolveConfig([patch]).config)).best.loss;
}

async function main(): Promise<void> {
  let good = 0;
  for (const each of badlyConfigured) {
    const { name, problem, patch } = each;
    const { config } = resolveConfig([patch]);
    const setting = settingOf(problem, {
      looksAround: true,
      search: {
        budget: { ...defaultBudget, seconds: 600 },
        secondsNow: () => performance.now() / 1000,
      },
    });
    const watcher = new Watcher(config, problem.objective, setting);
    const { findings, verdict, outcome } = await watcher.finish(await runOf(problem, config, watcher));
    const { fixes, ofVerdict, search } = await verifyFixes(setting, config, findings, verdict);
    const offered = [...fixes.flat(), ...ofVerdict.fixes].toSorted(
      (a, b) => a.verified!.after.loss - b.verified!.after.loss,
    );
    const minimum = await minimumOf(each);
    const start = Float64Array.from(problem.start);
    const open = () => ({ step: 1, epoch: 0, indices: [], random: () => 0.5 });
    const atStart = (await problem.objective.value(start, open)) - minimum;
    const above = (loss: number) => Math.max(loss - minimum, floor * atStart);
    const random = await bestOfRandom(each);
    const [best] = offered;
    const ratio = above(best?.verified?.after.loss ?? outcome.final.loss) / above(random.loss);
    if (ratio <= within) good++;
    console.error(
      `${name}: ${verdict.kind}, ${findings.map(({ code }) => code).join(' ') || 'no finding'}\n` +
        `  now ${outcome.final.loss.toPrecision(3)}, random ${random.loss.toPrecision(3)} ${JSON.stringify(random.patch)}\n` +
        `  ${best?.title ?? `no fix: ${ofVerdict.refusal}`} (ends at ${best?.verified?.after.loss.toPrecision(3)})\n` +
        `  ${search?.configurations} configurations`,
    );
    report(`${name}: loss of the best fix / of the best of 150 random configurations`, ratio, '', {
      atMost: within,
    });
    report(
      `${name}: gradient evaluations of the search / of the run`,
      (search?.evaluations ?? 0) / config.steps,
      '',
      {
        atMost: defaultBudget.times,
      },
    );
  }
  report(
    'problems whose best fix is not within 10x of the best random configuration',
    badlyConfigured.length - good,
    'of 12',
    {
      atMost: 2,
    },
  );
}

void main();
