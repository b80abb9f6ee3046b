import { numberOption } from '../core/config/readOptions';
import type { RunConfig } from '../core/config/runConfig';
import { formatNumber } from '../core/numerics/format';
import type { ReplayDiffers, SpikeChange, SpikeOutcome, SpikeReplay } from '../core/replay/spikeReplay';

/** A tried change in words. */
export interface TriedWords {
  /** "beta2 0.99" */
  readonly label: string;
  /** What to write in the script: "betas=(0.9, 0.99)" */
  readonly detail: string;
  /** "12 steps above 0.9, at most 3.1, then 0.31" */
  readonly outcome: string;
  readonly helps: boolean;
}

/** The result of a replay in words. */
export interface ReplayWords {
  /** Which steps were made again, or why nothing was tried. */
  readonly summary: string;
  /** The outcome without a change; null if nothing was tried. */
  readonly unchanged: string | null;
  /** The best first. */
  readonly tried: readonly TriedWords[];
}

/**
 * @param lossName  of the loss that the steps were made with
 * @param config  of the replay
 */
export function replayWords(
  replay: SpikeReplay | ReplayDiffers,
  lossName: string,
  config: RunConfig,
): ReplayWords {
  if ('kind' in replay) return { summary: differsSentence(replay, lossName), unchanged: null, tried: [] };
  const { steps, ceiling, unchanged, trials } = replay;
  const helping = trials.filter(({ helps }) => helps).length;
  const made = `Steps ${steps[0]} to ${steps[1]} were made again with the loss ${lossName}, from the recorded state.`;
  const verdict =
    helping === 0
      ? ` None of the ${trials.length} changes removes half of the high losses.`
      : ` ${helping} of ${trials.length} changes ${helping === 1 ? 'removes' : 'remove'} at least half of the high losses.`;
  return {
    summary: made + verdict,
    unchanged: outcomeWords(unchanged, ceiling),
    tried: trials.map(({ change, outcome, helps }) => ({
      ...changeWords(change, config),
      outcome: outcomeWords(outcome, ceiling),
      helps,
    })),
  };
}

function differsSentence({ t, recorded, replayed, kind }: ReplayDiffers, lossName: string): string {
  const [then, now] = [formatNumber(recorded, 6), formatNumber(replayed, 6)];
  return kind === 'at-once'
    ? `Nothing was tried: with the recorded parameters of step ${t}, ${lossName} is ${now}, but the training had ${then}. Its data must be those of the step (data=, with the parameter step), and its module in the same mode.`
    : `Nothing was tried: the steps were made again, but the spike did not come. At step ${t} the loss was ${then}, and is now ${now}. The cause may be what the recording does not contain, such as a write to the parameters, or the data of a step.`;
}

function changeWords(change: SpikeChange, { optimizer }: RunConfig): Pick<TriedWords, 'label' | 'detail'> {
  switch (change.kind) {
    case 'beta2': {
      const beta2 = formatNumber(change.beta2);
      const beta1 = formatNumber(numberOption(optimizer, 'beta1') ?? 0.9);
      return { label: `beta2 ${beta2}`, detail: `betas=(${beta1}, ${beta2})` };
    }
    case 'clip': {
      const norm = formatNumber(change.norm);
      return { label: `clip norm ${norm}`, detail: `torch.nn.utils.clip_grad_norm_(parameters, ${norm})` };
    }
    case 'batch':
      return {
        label: `without the batch of step ${change.t}`,
        detail: `leave out the batch of step ${change.t}`,
      };
    default:
      return change satisfies never;
  }
}

function outcomeWords({ peak, peakT, high, level }: SpikeOutcome, ceiling: number): string {
  const limit = formatNumber(ceiling);
  if (!Number.isFinite(peak)) return `loss ${formatNumber(peak)} at step ${peakT}`;
  if (high === 0) return `no step above ${limit}, then ${formatNumber(level)}`;
  const steps = high === 1 ? '1 step' : `${high} steps`;
  return `${steps} above ${limit}, at most ${formatNumber(peak)}, then ${formatNumber(level)}`;
}
