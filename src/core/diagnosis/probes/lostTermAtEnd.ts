import { decreaseOf, isFarFromMinimum, type RunEnd } from '../../ending/runEnd';
import { type CutLoss, type LostTerm, termThatHides, termThatRaises } from '../../gradient/lostTerm';
import { norm2 } from '../../numerics/norms';
import type { DiagnosisCode } from '../catalogue';
import type { Finding } from '../finding';
import type { Rise } from './steepestRise';

interface EndedRun {
  readonly start: Float64Array;
  readonly best: { readonly params: Float64Array; readonly loss: number; readonly t: number };
  readonly final: { readonly params: Float64Array };
  readonly steps: number;
  readonly end: RunEnd;
  /** The step that raised the loss most. */
  readonly steepest: Rise | null;
}

/** A term that the gradient lacks, and the first and last step that show it. */
export interface ShownTerm {
  readonly term: LostTerm;
  readonly steps: readonly [number, number];
}

/** The loss rose if it ended this share of its decrease above its lowest value. */
const risen = 0.05;
/** A jump near the last point must lower the loss by this share of its decrease. */
const worthwhile = 0.01;
/** Below this share of the loss itself, a change does not matter. */
const leastChange = 1e-6;

/**
 * A term of the loss that the gradient lacks, and that shows at the end of the run or at its steepest step upwards; null if none does.
 * Between the best and the last point other terms may have changed, too, along a path that was not straight; a single step is short.
 */
export async function lostTermAtEnd(loss: CutLoss, run: EndedRun): Promise<ShownTerm | null> {
  const { start, best, final, steps, end, steepest } = run;
  const least = Math.max(worthwhile * decreaseOf(end), leastChange * Math.abs(end.finalLoss));
  const rise = end.finalLoss - end.leastLoss;
  if (rise > Math.max(risen * decreaseOf(end), least)) {
    const found = await termThatRaises(loss, best.params, final.params);
    if (found) return { term: found, steps: [Math.min(best.t + 1, steps), steps] };
  }
  if (steepest && steepest.size > Math.max(risen * decreaseOf(end), least)) {
    const found = await termThatRaises(loss, steepest.from, steepest.to);
    if (found) return { term: found, steps: [steepest.t, steepest.t] };
  }
  // Of a run that is still on its way down, it cannot be told whether a jump keeps it from a lower loss.
  if (isFarFromMinimum(end)) return null;
  const path = norm2(final.params.map((each, i) => each - start[i]!));
  const reach = Math.max(path, nearby * Math.max(1, norm2(final.params)));
  const hidden = await termThatHides(loss, final.params, least, reach);
  return hidden && { term: hidden, steps: [steps, steps] };
}

/** Comparisons at this distance are examined even if the run did not move that far, relative to the size of the parameters. */
const nearby = 0.5;

/** A rise that the gradients explain by less than this share is a jump. */
const bySlope = 0.5;

/** Findings that blame the steps for a rise of the loss. */
const rises: readonly DiagnosisCode[] = ['divergence', 'instability-at-start', 'loss-spike'];

/**
 * Whether a finding is a consequence of a term that the gradient lacks. A plateau contradicts it: the run did not end at a minimum.
 *
 * @param since  the first step of the rise
 */
export function isExplainedBy(
  { code, steps, evidence }: Finding,
  { kind }: LostTerm,
  since: number,
): boolean {
  if (code === 'plateau') return true;
  if (code === 'instability-at-start' && (evidence.slopeShare as number) < bySlope) return true;
  return kind === 'raises' && rises.includes(code) && steps[1] >= since;
}
