import * as v from 'valibot';
import type { Finding } from '../core/diagnosis/finding';
import { lineOf, type SourceLocation } from '../core/sourceLocation';
import type { Run } from '../runs/run';
import { RunPlaces } from '../runs/runPlaces';
import type { Roots } from './roots';

export const place = v.object({
  file: v.string(),
  cell: v.exactOptional(
    v.pipe(v.number(), v.description('the cell of a notebook, in which lines are counted')),
  ),
  line: v.number(),
  column: v.number(),
});

/** A place as tools show it. */
export function placeOf(location: SourceLocation, roots: Roots): v.InferInput<typeof place> {
  return { file: roots.display(location.file), ...lineOf(location), column: location.column };
}

/** The place of a finding in the texts that the run loaded. */
export function locationOfFinding(run: Run, finding: Finding): SourceLocation {
  return finding.location ?? RunPlaces.atRun(run)?.ofFinding(finding) ?? run.location;
}
