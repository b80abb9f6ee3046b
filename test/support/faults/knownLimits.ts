import type { VerdictKind } from '../../../src/core/verdict/verdict';
import { isRight, type JudgedCase } from './certainty';
import type { FaultCode } from './codes';
import type { Comparison } from './comparison';

/** What the product cannot do yet in a run whose label is right. */
interface Limit {
  /** Missed findings. */
  readonly missed?: readonly FaultCode[];
  /** Findings at another place than the label states. */
  readonly misplaced?: readonly FaultCode[];
  /** Findings that the label forbids. */
  readonly wrong?: readonly FaultCode[];
  /** The verdict, where it is another one than in the label. */
  readonly verdict?: VerdictKind;
}

/**
 * The limits of Python losses, by run. Missed findings and wrong verdicts count in the shares of right ones. An entry must be
 * removed when its run gets what its label states.
 */
export const knownLimits: Readonly<Record<string, Limit>> = {};

/** The limits that the runs of the list show, in the form of the list. */
export function limitsIn(
  comparisons: readonly Comparison[],
  judged: readonly JudgedCase[],
): Record<string, Limit> {
  const found: Record<string, Limit> = {};
  for (const { name, missed, misplaced, wrong } of comparisons) {
    if (!Object.hasOwn(knownLimits, name)) continue;
    const codes = {
      missed,
      misplaced: misplaced.map(({ code }) => code),
      wrong: wrong.map(({ code }) => code as FaultCode),
    };
    const other = judged.find((each) => each.name === name && !isRight(each));
    found[name] = {
      ...Object.fromEntries(Object.entries(codes).filter(([, each]) => each.length > 0)),
      ...(other ? { verdict: other.kind } : {}),
    };
  }
  return found;
}
