import * as v from 'valibot';
import type { Fix } from '../core/diagnosis/finding';
import { anyNumber } from './jsonValues';
import { place, placeOf } from './places';
import type { Roots } from './roots';

const outcome = v.object({
  loss: anyNumber,
  bestLoss: anyNumber,
  steps: v.number(),
  stopped: v.string(),
});

/** What a fix changes: the configuration or the source. */
export const change = v.object({
  id: v.string(),
  title: v.string(),
  configuration: v.exactOptional(v.record(v.string(), v.unknown())),
  edit: v.exactOptional(v.object({ place, before: v.string(), after: v.string() })),
});

/** A fix that was tried and helps. */
export const verifiedFix = v.object({
  ...change.entries,
  before: v.pipe(outcome, v.description('with the configuration of the run, run again')),
  after: v.pipe(outcome, v.description('with the fix')),
});

export function changeOf({ id, title, patch, edit }: Fix, roots: Roots): v.InferInput<typeof change> {
  return {
    id,
    title,
    ...(patch && { configuration: { ...patch } }),
    ...(edit && {
      edit: { place: placeOf(edit.location, roots), before: edit.before, after: edit.after },
    }),
  };
}

/** The fixes that were tried and help; fixes that were not tried are left out. */
export function verifiedOf(fixes: readonly Fix[], roots: Roots): v.InferInput<typeof verifiedFix>[] {
  return fixes.flatMap((fix) =>
    fix.verified === null
      ? []
      : [{ ...changeOf(fix, roots), before: fix.verified.before, after: fix.verified.after }],
  );
}
