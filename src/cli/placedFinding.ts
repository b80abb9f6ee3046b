import type { RunConfigPatch } from '../core/config/runConfig';
import type { Finding } from '../core/diagnosis/finding';
import type { LossDeclaration } from '../loss/declaration';
import { placeOfFinding } from '../loss/places/placeOfFinding';
import { display } from './findLosses';

/** A finding as it is printed: where it stands in the source, and not what of it that is. */
export function placedFinding(
  finding: Finding,
  declaration: LossDeclaration,
  above: readonly RunConfigPatch[],
) {
  const { subject: _, location: __, ...said } = finding;
  const location = placeOfFinding(finding, declaration, above);
  const fixes = finding.fixes.map(({ id, title, patch, verified }) => ({ id, title, patch, verified }));
  return { ...said, fixes, location: { ...location, file: display(location.file) } };
}

export type PlacedFinding = ReturnType<typeof placedFinding>;
