import type { Explanation } from '../core/explain/explanation';

/** A part of an update. The parts, added in their order, are the update, bit for bit. */
export interface UpdatePart {
  readonly name: string;
  readonly part: number;
}

/**
 * An update as a sum: the gradients before this step, this gradient before clipping, what clipping took away, weight decay, the
 * learning rate of the schedule, and what rounding adds, so that the sum is the recorded update.
 *
 * @param hasSet  whether the user set a number of the coordinate before the step: then a rest that rounding does not explain is due to it
 */
export function updateParts(
  { contributions, clipping, recorded, step, rounding }: Explanation,
  hasSet = false,
): UpdatePart[] {
  const of = (kind: (typeof contributions)[number]['kind']) =>
    contributions.filter((each) => each.kind === kind).map(({ part }) => part);
  const own = contributions.find((each) => each.kind === 'gradient' && each.step === step)?.part ?? 0;
  const older = [
    ...contributions.filter((each) => each.kind === 'gradient' && each.step !== step),
    ...contributions.filter(({ kind }) => kind === 'older'),
  ];
  const factor = clipping && clipping.factor > 0 ? clipping.factor : 1;
  const parts: UpdatePart[] = [];
  const add = (name: string, part: number) => {
    if (part !== 0) parts.push({ name, part });
  };
  add('momentum: gradients before', sum(older.map(({ part }) => part)));
  add('this gradient', own / factor);
  if (factor !== 1) add('clipping', own - own / factor);
  add('L2 penalty', sum(of('penalty')));
  add('weight decay', sum(of('decay')));
  add('learning rate of this step', sum(of('lr')));
  if (!Number.isFinite(recorded)) return parts;
  const rest = recorded - sum(parts.map((each) => each.part));
  if (hasSet && Math.abs(rest) > rounding) add('numbers that were set', rest);
  // The rest may be rounded where it is longer than the update. What is missing then is exact.
  for (const name of ['rounding', 'rounding of this sum'])
    add(name, recorded - sum(parts.map((each) => each.part)));
  return parts;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
