import type { NameOf } from '../../coordinates/coordinateNames';
import type { LostTerm } from '../../gradient/lostTerm';
import type { LossWords } from '../../lossWords';
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
 * @param words  the words for the function of the run
 */
export function lostTerm(
  { kind, from, to, jumps, rest }: LostTerm,
  isAboveStart: boolean,
  steps: readonly [number, number],
  { say, value, apart }: LossWords,
): FindingReport {
  const share = Math.abs(jumps) / (Math.abs(jumps) + Math.abs(rest));
  const [low, high] = [apart(from, to), apart(to, from)];
  // Over many steps, both are sums of estimates.
  const parts =
    kind === 'raises'
      ? `by about ${signed(value(jumps))}, everything else by about ${signed(value(rest))}`
      : `by ${signed(value(jumps))}, and everything else by ${signed(value(rest))}`;
  return {
    code: 'piecewise-constant',
    severity: kind === 'raises' && isAboveStart ? 'error' : 'warning',
    headline:
      kind === 'raises'
        ? say`The loss rose because the gradient lacks a term that changes in jumps.`
        : say`The gradient lacks a term that changes in jumps, so the run does not follow it.`,
    detail:
      kind === 'raises'
        ? say`${stepsWhere(steps)} the loss rose from ${low} to ${high}: the jumps changed it ${parts}. ` +
          `A term without a derivative therefore carries ${percent(share)} of the change. The steps follow the gradient of the other terms.`
        : say`The loss ended at ${low}, and the nearest jump lowers it to ${high}: the jump changes it ${parts}. ` +
          `A term without a derivative therefore carries ${percent(share)} of this change.`,
    advice: say`Use a smooth form of this expression in the loss; round, compare or select only for display.`,
    steps,
    coordinates: [],
    subject: null,
    evidence: { class: kind, share, jumps, rest, before: from, after: to },
    fixes: [],
  };
}

function stepsWhere([first, last]: readonly [number, number]): string {
  return first === last ? `At step ${first}` : `From step ${first} to step ${last}`;
}

function signed(value: string): string {
  return value.startsWith('-') ? `−${value.slice(1)}` : `+${value}`;
}

function percent(share: number): string {
  return `${formatNumber(100 * share, 2)} %`;
}

/** The finding for a loss whose gradient is computed by finite differences because it rounds. */
export function piecewiseConstant(
  { index, exact, measured, step }: CutDerivative,
  nameOf: NameOf,
  { say }: LossWords,
): FindingReport {
  return {
    code: 'piecewise-constant',
    severity: 'info',
    headline: say`The loss rounds a value that depends on ${namesInHeadline(nameOf, [index])}.`,
    detail:
      say`Its exact derivative takes the rounded value as a constant: it is ${formatNumber(exact)} at step ${step}, ` +
      say`although the loss changes with slope ${formatNumber(measured)}. ` +
      'The gradient is therefore computed by finite differences.',
    advice: say`Nothing to do. For an exact gradient, remove the rounding from the loss.`,
    steps: [step, step],
    coordinates: [index],
    subject: { kind: 'parameter', index },
    evidence: { exact, measured, t: step },
    fixes: [],
  };
}
