import { resolveConfig } from '../core/config/resolve';
import type { GroupConfig, RunConfig } from '../core/config/runConfig';
import type { Finding } from '../core/diagnosis/finding';
import { medianOf } from '../core/diagnosis/terms/medianOf';
import type { LrChanges } from '../core/lrByHand';
import type { RecordedSpike } from '../core/replay/spikeReplay';
import type { TrainingState } from '../core/replay/trainingState';
import { coordinateEntries, type Recording, sizeOf } from './recording';
import { usualLosses } from './rules/lossSpike';
import type { RecordedStep } from './rules/rule';
import { configOfGroup } from './torchOptimizer';

/** What a recording contains around a spike. */
export interface SpikeRecord {
  readonly recording: Recording;
  /** The last state before the spike; null if none is recorded. */
  readonly state: TrainingState | null;
  /** The recorded steps before the spike, and those of the next steps, ascending. */
  readonly steps: readonly RecordedStep[];
}

/** What a replay needs besides the loss. */
export interface SpikePlan {
  readonly config: RunConfig;
  readonly state: TrainingState;
  readonly names: readonly string[];
  readonly lrChanges: LrChanges;
  readonly recorded: RecordedSpike;
}

/** The steps that are made again after the first high loss. */
export const followedSteps = 100;
/** Norms of two clipped gradients are equal to rounding. */
const sameNorm = 1e-3;

/** Whether a finding is about losses that a replay can be compared with. */
export function isReplayable({ code }: Finding): boolean {
  return code === 'loss-spike' || code === 'non-finite-loss';
}

/**
 * The replay of the steps around a spike: the optimizer, its learning rates and the clipping are those of the recording, the samples and
 * the gradient those of the loss.
 *
 * @param loss  the configuration of the loss
 * @returns why it cannot be made, as a sentence, if it cannot
 */
export function spikePlan(
  finding: Finding,
  { recording, state, steps }: SpikeRecord,
  loss: RunConfig,
): SpikePlan | string {
  const { module, optimizer, groups } = recording;
  if (recording.distributed !== null)
    return 'The training ran in several processes: the steps of one of them cannot be made again alone.';
  if (state === null)
    return 'The recording has no keyframe before the spike: it keeps the state of models with few parameters only, as far as its budget of bytes allows.';
  if (!Number.isFinite(state.age))
    return 'The optimizer counts its steps differently for its tensors, so they cannot be made again.';
  const configs = groups.map((group) => configOfGroup(module, optimizer, group));
  const [first] = configs;
  if (!first || configs.includes(null))
    return `${module}.${optimizer} with these options has no formula here, so its steps cannot be made again.`;
  const after = steps.filter(({ t }) => t > state.t);
  const losses = after.flatMap(({ t, loss }) => (loss === null ? [] : [[t, loss] as const]));
  if (losses.length === 0) return 'The recording has no losses around the spike.';
  const [at] = finding.steps;
  const before = steps
    .filter(({ t, loss }) => t < at && loss !== null && Number.isFinite(loss))
    .slice(-usualLosses);
  if (before.length === 0) return 'The recording has no finite loss before the spike.';
  const rates = after[0]!.groupLr;
  const config = resolveConfig([
    {
      ...pick(loss),
      optimizer: { ...first.optimizer, ...(rates[0] !== undefined && rates[0] > 0 && { lr: rates[0] }) },
      groups: groupsOf(recording, configs as RunConfig[], rates),
      clip: clipOf(steps),
      maximize: first.maximize,
      steps: after.at(-1)!.t,
    },
  ]).config;
  return {
    config,
    state,
    names: coordinateEntries(recording),
    lrChanges: lrChanges(after),
    recorded: {
      losses,
      at,
      ceiling: usualCeiling(before.map(({ loss }) => loss!)),
      gradNorm: usualNorm(before),
    },
  };
}

/** What a loss says of its evaluation. */
function pick({ samples, batch, seed, gradientMode, names }: RunConfig) {
  return { samples, batch, seed, gradientMode, ...(names && { names }) };
}

/** The groups after the first one, as far as their options differ. */
function groupsOf(
  { tensors }: Recording,
  [first, ...others]: readonly RunConfig[],
  rates: readonly number[],
): GroupConfig[] | null {
  const groups = others.flatMap((config, k): GroupConfig[] => {
    const names = tensors
      .filter(({ group, shape }) => group === k + 1 && sizeOf(shape) > 0)
      .map(({ name }) => name);
    const options = Object.entries({ ...config.optimizer, lr: rates[k + 1] ?? config.optimizer.lr }).filter(
      ([name, value]) => name !== 'name' && (name === 'lr' || value !== first!.optimizer[name]),
    );
    return names.length > 0 ? [{ names, ...Object.fromEntries(options) } as GroupConfig] : [];
  });
  return groups.length > 0 ? groups : null;
}

/** The clipping that gives clipped gradients their common norm; null if none was clipped, or if they have none. */
function clipOf(steps: readonly RecordedStep[]): RunConfig['clip'] {
  const norms = steps.filter(({ clipFactor }) => clipFactor < 0.999).map(({ gradNorm }) => gradNorm);
  const norm = norms.length > 0 ? medianOf(Float64Array.from(norms).sort()) : Number.NaN;
  return norms.length > 0 && norms.every((each) => Math.abs(each - norm) <= sameNorm * norm)
    ? { norm }
    : null;
}

/** The learning rate of each step, between two rows on a straight line. */
function lrChanges(steps: readonly RecordedStep[]): LrChanges {
  const changes: [number, number][] = [];
  for (const [i, { t, groupLr }] of steps.entries()) {
    const [lr] = groupLr;
    if (lr === undefined) continue;
    const next = steps[i + 1];
    const span = next && next.groupLr[0] !== undefined && next.groupLr[0] !== lr ? next.t - t : 1;
    for (let k = 0; k < span; k++)
      changes.push([t + k, k === 0 ? lr : lr + ((next!.groupLr[0]! - lr) * k) / span]);
  }
  return changes;
}

/** The highest of usual losses. Of many, one may be that of an extreme batch. */
function usualCeiling(losses: readonly number[]): number {
  const sorted = losses.toSorted((a, b) => b - a);
  return sorted[sorted.length >= 20 ? 1 : 0]!;
}

function usualNorm(steps: readonly RecordedStep[]): number {
  const norms = steps.map(({ gradNorm, clipFactor }) => gradNorm / (clipFactor > 0 ? clipFactor : 1));
  const known = Float64Array.from(norms.filter(Number.isFinite)).sort();
  return known.length > 0 ? medianOf(known) : Number.NaN;
}
