import { stepsPerEpochOf } from '../../config/readOptions';
import type { RunConfig, RunConfigPatch } from '../../config/runConfig';
import { formatNumber } from '../../numerics/format';
import type { ReportRow } from '../report';

/** What was measured at the start of a loss before a run. */
export interface StartFacts {
  readonly params: Float64Array;
  readonly loss: number;
  /** The gradient at the start, shape [dim]. */
  readonly grad: Float64Array;
  /** The learning rate that the range test recommends; null if it recommends none. */
  readonly recommendedLr: number | null;
  /** The configured learning rate: the schedule's maxLr if it has one, else that of the optimizer. */
  readonly configuredLr: number;
}

export interface ChecklistItem extends Pick<ReportRow, 'verdict' | 'patch'> {
  readonly name: string;
  /** What was found, and what to change. */
  readonly result: string;
}

type Item = Omit<ChecklistItem, 'name'>;

/** Parameters or gradients whose sizes differ by more than this are badly scaled. */
const spreadAtMost = 1e4;
/** The range in which a learning rate agrees with the recommended one: the range test itself is no more exact. */
const [lrBelow, lrAbove] = [30, 5];
/** The smallest positive numbers of the formats that gradients are rounded to: 2^-24 and 2^-133. */
const smallest = { float16: 2 ** -24, bfloat16: 2 ** -133, float32: 2 ** -149, float64: 0 } as const;

/** The checks before a run, in the order of a user's questions. */
export function checklist(config: RunConfig, facts: StartFacts): ChecklistItem[] {
  const items: readonly (readonly [string, Item])[] = [
    ['loss and gradient at the start', atStart(facts)],
    ['scales of the parameters', parameterScales(facts)],
    ['scales of the data', dataScales(facts)],
    ['learning rate', learningRate(facts)],
    ['length of the schedule', scheduleLength(config)],
    ['clipping', clipping(config, facts)],
    ['precision', precision(config, facts)],
    ['validation', validation(config)],
    ['stopping rule', stoppingRule(config)],
  ];
  return items.map(([name, item]) => ({ name, ...item }));
}

const pass = (result: string): Item => ({ verdict: 'pass', result, patch: null });
const fail = (result: string, patch: RunConfigPatch | null = null): Item => ({
  verdict: 'fail',
  result,
  patch,
});
const none = (result: string): Item => ({ verdict: 'not applicable', result, patch: null });

function atStart({ loss, grad }: StartFacts): Item {
  const broken = grad.filter((g) => !Number.isFinite(g)).length;
  if (!Number.isFinite(loss)) return fail(`The loss at the start is ${loss}. Choose another start.`);
  if (broken > 0)
    return fail(`${broken} gradient components at the start are not finite. Choose another start.`);
  const zeros = grad.filter((g) => g === 0).length;
  if (zeros === grad.length) return fail('The gradient at the start is 0, so no step changes anything.');
  return pass(`Loss ${formatNumber(loss)}; the gradient has ${zeros} zeros among ${grad.length} components.`);
}

/** The ratio of the largest to the smallest size that is not 0; 1 if there are fewer than two. */
function spreadOf(values: Float64Array): number {
  const sizes = values.map(Math.abs).filter((size) => size > 0 && Number.isFinite(size));
  if (sizes.length < 2) return 1;
  return sizes.reduce((a, b) => Math.max(a, b)) / sizes.reduce((a, b) => Math.min(a, b));
}

function parameterScales({ params }: StartFacts): Item {
  const spread = spreadOf(params);
  if (params.every((value) => value === 0))
    return none('All parameters start at 0, so their scales are not known.');
  return spread > spreadAtMost
    ? fail(
        `The parameters differ in size by a factor of ${formatNumber(spread)}. Rescale them, or use groups.`,
      )
    : pass(`The parameters differ in size by a factor of ${formatNumber(spread)}.`);
}

/** A column of data with large numbers leads to a large gradient of its weight. */
function dataScales({ grad }: StartFacts): Item {
  const spread = spreadOf(grad);
  return spread > spreadAtMost
    ? fail(
        `The gradient components at the start differ by a factor of ${formatNumber(spread)}. Standardise the columns of the data.`,
      )
    : pass(`The gradient components at the start differ by a factor of ${formatNumber(spread)}.`);
}

function learningRate({ recommendedLr, configuredLr }: StartFacts): Item {
  if (recommendedLr === null) return none('The range test recommends no learning rate.');
  const words = `lr = ${formatNumber(configuredLr)}; the range test recommends ${formatNumber(recommendedLr)}.`;
  const patch = { optimizer: { lr: Number(recommendedLr.toPrecision(2)) } };
  if (configuredLr > lrAbove * recommendedLr) return fail(`${words} It is likely too large.`, patch);
  if (configuredLr * lrBelow < recommendedLr) return fail(`${words} It is likely too small.`, patch);
  return pass(words);
}

/** The option with the length of a schedule. */
const lengthOptions: Readonly<Record<string, string>> = {
  cosine: 'tMax',
  warmupCosine: 'totalSteps',
  oneCycle: 'totalSteps',
  linear: 'totalIters',
};

function scheduleLength({ schedule, steps, ...config }: RunConfig): Item {
  if (!schedule || schedule.name === 'constant') return none('No schedule.');
  const option = lengthOptions[schedule.name];
  if (option === undefined) return none(`The schedule ${schedule.name} has no length.`);
  const given = schedule as unknown as Readonly<Record<string, unknown>>;
  const isByEpoch = given.unit === 'epoch';
  const length = Number(given[option]);
  const planned = isByEpoch ? Math.ceil(steps / stepsPerEpochOf(config)) : steps;
  const unit = isByEpoch ? 'epochs' : 'steps';
  const words = `${option} = ${length}; the run has ${planned} ${unit}.`;
  if (Math.abs(length - planned) <= 0.1 * planned) return pass(words);
  return fail(
    `${words} The schedule ${length < planned ? 'ends before the run' : 'is cut off by the end of the run'}.`,
    { schedule: { [option]: planned } },
  );
}

function clipping({ clip, samples, batch }: RunConfig, { grad }: StartFacts): Item {
  const norm = Math.hypot(...grad);
  const isNoisy = samples !== null && batch !== null && batch < samples;
  if (!clip)
    return isNoisy
      ? fail('No clipping: one mini-batch can make a step of any length for optimizers without a bound.', {
          clip: { norm: Number((10 * norm).toPrecision(1)) },
        })
      : none('No clipping, which a loss without mini-batches seldom needs.');
  const [limit, size, what] =
    'norm' in clip
      ? [clip.norm, norm, 'norm']
      : [clip.value, grad.reduce((a, g) => Math.max(a, Math.abs(g)), 0), 'largest component'];
  const words = `The limit is ${formatNumber(limit)}; the ${what} of the gradient at the start is ${formatNumber(size)}.`;
  return size > 100 * limit
    ? fail(`${words} Nearly every gradient will be clipped.`, { clip: null })
    : pass(words);
}

function precision({ precision, lossScale }: RunConfig, { grad }: StartFacts): Item {
  if (precision === 'float64') return pass('float64: nothing is lost.');
  const scale = typeof lossScale === 'number' ? lossScale : 2 ** 16;
  const nonZero = grad.filter((g) => g !== 0);
  const lost = nonZero.filter((g) => Math.abs(g * scale) < smallest[precision] / 2).length;
  const words = `${precision}: ${lost} of ${nonZero.length} gradient components at the start become 0.`;
  return lost > 0 ? fail(`${words} Use loss scaling.`, { lossScale: 'dynamic' }) : pass(words);
}

function validation({ samples, validation }: RunConfig): Item {
  if (validation !== null) return pass(`Validation loss: ${validation}.`);
  return samples === null
    ? none('The loss has no samples, so nothing can be overfitted to them.')
    : fail('No validation loss: overfitting stays unseen. Export one and name it with @validation.');
}

function stoppingRule({ earlyStopping, tolerance, samples, validation }: RunConfig): Item {
  if (earlyStopping)
    return pass(`Early stopping after ${earlyStopping.patience} epochs without improvement.`);
  if (tolerance !== null)
    return pass(`Ends when the gradient is small: tolerance = ${formatNumber(tolerance)}.`);
  const patch =
    samples === null
      ? { tolerance: 1e-8 }
      : validation === null
        ? null
        : { earlyStopping: { patience: 10, minDelta: 0 } };
  return fail('No stopping rule: the run always makes all its steps.', patch);
}
