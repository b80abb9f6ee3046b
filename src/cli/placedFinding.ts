import type { RunConfigPatch } from '../core/config/runConfig';
import { type Finding, type Fix, messageOf, type Origin } from '../core/diagnosis/finding';
import type { SourceLocation } from '../core/sourceLocation';
import type { LossDeclaration } from '../loss/declaration';
import { findingIn } from '../loss/findingWords';
import { placeOfFinding } from '../loss/places/placeOfFinding';
import { display } from './findLosses';

/**
 * A finding in the form that is printed: with its place in the source, and a `message` of headline and
 * detail.
 */
export function placedFinding(
  found: Finding,
  declaration: LossDeclaration,
  above: readonly RunConfigPatch[],
) {
  const finding = findingIn(declaration.language, found);
  const { id, code, severity, headline, detail, advice, steps, coordinates, evidence, origin } = finding;
  const location = placeOfFinding(finding, declaration, above);
  return {
    id,
    code,
    severity,
    headline,
    detail,
    message: messageOf(finding),
    advice,
    steps,
    coordinates,
    evidence,
    origin: origin && displayedOrigin(origin),
    location: displayed(location),
    fixes: finding.fixes.map(printedFix),
  };
}

/** A fix in the form that is printed. */
export function printedFix({ id, title, patch, edit, verified }: Fix) {
  if (!edit) return { id, title, patch, verified };
  const { location, before, after } = edit;
  return { id, title, edit: { location: displayed(location), before, after }, verified };
}

export type PrintedFix = ReturnType<typeof printedFix>;

export type PlacedFinding = ReturnType<typeof placedFinding>;

function displayedOrigin(origin: Origin): Origin {
  const location = displayed(origin.location);
  return origin.kind === 'non-finite-datum'
    ? { ...origin, location, variable: displayed(origin.variable) }
    : { ...origin, location };
}

function displayed(location: SourceLocation): SourceLocation {
  return { ...location, file: display(location.file) };
}
