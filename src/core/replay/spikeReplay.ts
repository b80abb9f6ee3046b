import { batchesOf, hasMiniBatches } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { contextAt } from '../context';
import { clipFix, smallerBeta2Fixes } from '../diagnosis/fixes';
import { medianOf } from '../diagnosis/terms/medianOf';
import { type LrChanges, repeatedLr } from '../lrByHand';
import type { Objective } from '../objective';
import { type Checkpoint, run } from '../runLoop';

/** A spike of a training, with what repeats the steps around it. */
export interface SpikeSetting {
  /** `steps` is the last step that is made. */
  readonly config: RunConfig;
  readonly objective: Objective;
  /** Whether the loss may be another function at each step. */
  readonly isContextual: boolean;
  /** The state before the spike. */
  readonly from: Checkpoint;
  readonly lrChanges: LrChanges;
  readonly recorded: RecordedSpike;
  /** Called before every step; false ends the replay. */
  readonly mayStep: () => boolean;
  /** Receives the numbers of finished and planned trials. */
  readonly onProgress: (done: number, total: number) => void;
}

/** What the recording says of the spike. */
export interface RecordedSpike {
  /** The recorded losses after the keyframe: [t, loss], ascending. */
  readonly losses: readonly (readonly [t: number, loss: number])[];
  /** The first recorded step whose loss is high. */
  readonly at: number;
  /** The highest of the usual losses before it. */
  readonly ceiling: number;
  /** The usual norm of the gradient before it; NaN if it is not known. */
  readonly gradNorm: number;
}

/** How the steps went, from the keyframe on. */
export interface SpikeOutcome {
  /** The highest loss; NaN or infinite if it was not finite. */
  readonly peak: number;
  readonly peakT: number;
  /** The number of steps whose loss was above the ceiling. */
  readonly high: number;
  /** The median of the last losses. */
  readonly level: number;
}

/** A change that was tried. */
export interface SpikeTrial {
  readonly change: SpikeChange;
  readonly outcome: SpikeOutcome;
  readonly helps: boolean;
}

/** What a trial changed. */
export type SpikeChange =
  | { readonly kind: 'beta2'; readonly beta2: number }
  | { readonly kind: 'clip'; readonly norm: number }
  /** The batch of this step was left out. */
  | { readonly kind: 'batch'; readonly t: number };

export interface SpikeReplay {
  /** The first and the last step that was made. */
  readonly steps: readonly [from: number, to: number];
  readonly ceiling: number;
  readonly unchanged: SpikeOutcome;
  /** The trials, the best first. */
  readonly trials: readonly SpikeTrial[];
}

/** Why nothing was tried: the replay does not repeat the recording. */
export interface ReplayDiffers {
  readonly t: number;
  readonly recorded: number;
  readonly replayed: number;
  /** at-once: the first loss differs. no-spike: the loss does not rise. */
  readonly kind: 'at-once' | 'no-spike';
}

/** The first loss belongs to exactly the recorded parameters; a sum of 2^10 float32 numbers in another order differs by less. */
const sameLoss = 2 ** -13;
const lastLosses = 10;
/** A change helps if it removes this share of the high losses, by their number or by their excess. */
const removed = 1 / 2;

/**
 * Makes the steps around a spike again, unchanged and with changes. The unchanged replay must have the recorded loss at its first step,
 * to rounding, and must spike by at least half as much as the recording; otherwise nothing is tried.
 *
 * The excess of a replay is Σ max(0, loss_t − ceiling). A change helps if it removes half of the excess or half of the steps with a
 * loss above the ceiling, and the median of its last losses is at most the ceiling, or that of the unchanged replay. The steps count,
 * because the loss of an extreme batch is high whatever the optimizer does.
 *
 * @returns null if it was stopped
 */
export async function replaySpike(setting: SpikeSetting): Promise<SpikeReplay | ReplayDiffers | null> {
  const { config, from, recorded, onProgress } = setting;
  const losses = await lossesOf(setting, config, setting.objective);
  if (!losses) return null;
  const differs = differenceFrom(losses, from.t, recorded);
  if (differs) return differs;
  const before = losses.subarray(0, Math.max(0, spikeIn(losses, from.t, recorded) - from.t - 1));
  const ceiling = Math.max(recorded.ceiling, ...before.filter(Number.isFinite));
  const unchanged = outcomeOf(losses, from.t, ceiling);
  const changes = changesOf(setting, spikeIn(losses, from.t, { ...recorded, ceiling }));
  const excessBefore = excessOf(losses, ceiling);
  const trials: (SpikeTrial & { readonly excess: number })[] = [];
  for (const change of changes) {
    onProgress(trials.length + 1, changes.length + 1);
    const [changed, objective] = applied(change, setting);
    const after = await lossesOf(setting, changed, objective);
    if (!after) return null;
    const excess = excessOf(after, ceiling);
    const outcome = outcomeOf(after, from.t, ceiling);
    const isLess =
      Number.isFinite(excess) &&
      (outcome.high <= removed * unchanged.high || excess <= removed * excessBefore);
    const isBack = outcome.level <= Math.max(ceiling, unchanged.level);
    trials.push({ change, outcome, helps: isLess && isBack, excess });
  }
  trials.sort(
    (a, b) => Number(b.helps) - Number(a.helps) || a.outcome.high - b.outcome.high || a.excess - b.excess,
  );
  return {
    steps: [from.t + 1, config.steps],
    ceiling,
    unchanged,
    trials: trials.map(({ excess: _, ...trial }) => trial),
  };
}

/** The losses of the steps after the checkpoint, up to one that is not finite; null if it was stopped. */
async function lossesOf(
  { from, lrChanges, mayStep }: SpikeSetting,
  config: RunConfig,
  objective: Objective,
): Promise<Float64Array | null> {
  const losses: number[] = [];
  const outcome = await run({
    objective,
    start: from.update.params,
    config,
    validation: null,
    control: repeatedLr({ mayStep, lr: () => Number.NaN }, lrChanges),
    from,
    observer: { afterStep: ({ loss }) => void losses.push(loss) },
  });
  if (outcome.stopped === 'error') throw outcome.error;
  // The parameters are not finite, so neither is the loss that would follow.
  if (outcome.stopped === 'nonFinite') losses.push(Number.NaN);
  return outcome.stopped === 'user' ? null : Float64Array.from(losses);
}

function differenceFrom(losses: Float64Array, t0: number, recorded: RecordedSpike): ReplayDiffers | null {
  const [t, loss] = recorded.losses.find(([each]) => each > t0) ?? [0, Number.NaN];
  const replayed = losses[t - t0 - 1] ?? Number.NaN;
  const isSame = Math.abs(replayed - loss) <= sameLoss * Math.max(Math.abs(replayed), Math.abs(loss));
  if (!isSame) return { t, recorded: loss, replayed, kind: 'at-once' };
  const [peakT, peak] = highest(recorded.losses);
  const reached = outcomeOf(losses, t0, recorded.ceiling);
  const isHigh =
    !Number.isFinite(reached.peak) || reached.peak - recorded.ceiling >= (peak - recorded.ceiling) / 2;
  return isHigh
    ? null
    : { t: peakT, recorded: peak, replayed: losses[peakT - t0 - 1] ?? Number.NaN, kind: 'no-spike' };
}

function highest(losses: RecordedSpike['losses']): readonly [t: number, loss: number] {
  return losses.reduce((a, b) => (b[1] > a[1] || Number.isNaN(b[1]) ? b : a));
}

/** The first step whose loss is high: by a tenth of the recorded rise, or not finite if the recorded one is not. */
function spikeIn(losses: Float64Array, t0: number, { at, ceiling, losses: known }: RecordedSpike): number {
  const [, peak] = highest(known);
  const limit = Number.isFinite(peak) ? ceiling + (peak - ceiling) / 10 : Number.POSITIVE_INFINITY;
  const first = losses.findIndex((loss) => !Number.isFinite(loss) || loss > limit);
  return first < 0 ? at : t0 + 1 + first;
}

function outcomeOf(losses: Float64Array, t0: number, ceiling: number): SpikeOutcome {
  const bad = losses.findIndex((loss) => !Number.isFinite(loss));
  const peakAt = bad >= 0 ? bad : losses.reduce((a, loss, i) => (loss > losses[a]! ? i : a), 0);
  return {
    peak: losses[peakAt] ?? Number.NaN,
    peakT: t0 + 1 + peakAt,
    high: losses.filter((loss) => !(loss <= ceiling)).length,
    level: medianOf(losses.slice(-lastLosses).sort()),
  };
}

function excessOf(losses: Float64Array, ceiling: number): number {
  return losses.reduce(
    (sum, loss) => (Number.isFinite(loss) ? sum + Math.max(0, loss - ceiling) : Number.POSITIVE_INFINITY),
    0,
  );
}

/** @param t  the first step whose loss is high: its batch, or the one before, may be the cause */
function changesOf({ config, isContextual, from, recorded }: SpikeSetting, t: number): SpikeChange[] {
  const beta2s = smallerBeta2Fixes(config).slice(0, 2);
  const norm = clipFix(3 * recorded.gradNorm).patch.clip?.norm ?? Number.NaN;
  const clips = config.clip !== null && 'norm' in config.clip && config.clip.norm <= norm;
  const hasBatches = isContextual || hasMiniBatches(config);
  return [
    ...beta2s.map(({ patch }) => ({ kind: 'beta2', beta2: patch.optimizer!.beta2 as number }) as const),
    ...(norm > 0 && !clips ? [{ kind: 'clip', norm } as const] : []),
    ...(hasBatches
      ? [t - 1, t].filter((each) => each > from.t).map((each) => ({ kind: 'batch', t: each }) as const)
      : []),
  ];
}

function applied(change: SpikeChange, { config, objective }: SpikeSetting): [RunConfig, Objective] {
  switch (change.kind) {
    case 'beta2':
      return [{ ...config, optimizer: { ...config.optimizer, beta2: change.beta2 } }, objective];
    case 'clip':
      return [{ ...config, clip: { norm: change.norm } }, objective];
    case 'batch':
      return [config, withoutBatch(objective, config, change.t)];
    default:
      return change satisfies never;
  }
}

/** The objective whose steps from `without` on have the batches of the steps that follow them. */
function withoutBatch(objective: Objective, { seed, samples, batch }: RunConfig, without: number): Objective {
  const batches = batchesOf(samples, batch, seed);
  return {
    dim: objective.dim,
    get gradientMode() {
      return objective.gradientMode;
    },
    value: (params, open) => objective.value(params, open),
    valueAndGradient(params, grad, open) {
      const { step } = open();
      const t = step < without ? step : step + 1;
      return objective.valueAndGradient(params, grad, contextAt(seed, batches, t, batches.indicesOf(t)));
    },
  };
}
