import type { NameOf } from '../../coordinateNames';
import type { LostTerm } from '../../gradient/lostTerm';
import { formatNumber } from '../../numerics/format';
import type { FindingReport, Origin } from '../finding';
import { namesInHeadline } from '../words';

/** An operation that rounds, so that the exact derivative is not the slope of the loss. */
export interface CutDerivative {
  readonly origin: Extract<Origin, { readonly kind: 'cut-derivative' }>;
  /** The coordinate for which this was found. */
  readonly index: number;
  /** The exact derivative with respect to it. */
  readonly exact: number;
  /** The slope of the loss along it, from finite differences. */
  readonly measured: number;
  readonly step: number;
}

/**
 * The finding for a term of the loss that changes in jumps, so that the gradient does not contain it: an error if the loss ended
 * above its start because of it.
 *
 * @param isAboveStart  whether the run ended above its start
 * @param steps  the first and last step that it concerns
 */
export function lostTerm(
  { kind, from, to, jumps, rest }: LostTerm,
  isAboveStart: boolean,
  steps: readonly [number, number],
): FindingReport {
  const share = Math.abs(jumps) / (Math.abs(jumps) + Math.abs(rest));
  const [low, high] = [formatNumber(from), formatNumber(to)];
  const parts = `by ${signed(jumps)}, and everything else by ${signed(rest)}`;
  return {
    code: 'piecewise-constant',
    severity: kind === 'raises' && isAboveStart ? 'error' : 'warning',
    headline:
      kind === 'raises'
        ? 'The loss rose because the gradient lacks a term that changes in jumps.'
        : 'The gradient lacks a term that changes in jumps, so the run does not lower it.',
    detail:
      kind === 'raises'
        ? `From step ${steps[0]} to step ${steps[1]} the loss rose from ${low} to ${high}: the jumps changed it ${parts}. ` +
          `A term without a derivative therefore carries ${percent(share)} of the change. The steps follow the gradient of the other terms.`
        : `The loss ended at ${low}, and the nearest jump lowers it to ${high}: the jump changes it ${parts}. ` +
          `A term without a derivative therefore carries ${percent(share)} of this change.`,
    advice: 'Use a smooth form of this expression in the loss; round, compare or select only for display.',
    steps,
    coordinates: [],
    subject: null,
    evidence: { class: kind, share, jumps, rest, before: from, after: to },
    fixes: [],
  };
}

function signed(value: number): string {
  return value < 0 ? `−${formatNumber(-value)}` : `+${formatNumber(value)}`;
}

function percent(share: number): string {
  return `${formatNumber(100 * share, 2)} %`;
}

/** The finding for a loss whose gradient is computed by finite differences because it rounds. */
export function piecewiseConstant(
  { index, exact, measured, step }: CutDerivative,
  nameOf: NameOf,
): FindingReport {
  return {
    code: 'piecewise-constant',
    severity: 'info',
    headline: `The loss rounds a value that depends on ${namesInHeadline(nameOf, [index])}.`,
    detail:
      `Between two rounded values the loss is constant, so its exact derivative is ${formatNumber(exact)} at step ${step}, ` +
      `although the loss changes with slope ${formatNumber(measured)}. ` +
      'The gradient is therefore computed by finite differences, with a step larger than the rounding.',
    advice: 'Nothing to do. For an exact gradient, remove the rounding from the loss.',
    steps: [step, step],
    coordinates: [index],
    subject: { kind: 'parameter', index },
    evidence: { exact, measured, t: step },
    fixes: [],
  };
}
