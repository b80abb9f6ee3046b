import type { RunConfigPatch } from '../../core/config/runConfig';
import type { Finding } from '../../core/diagnosis/finding';
import type { SourceLocation } from '../../core/sourceLocation';
import type { LossDeclaration } from '../declaration';
import { placeOfOption, placeOfValue } from './optionPlace';

/**
 * Where a finding stands in a declaration: at the expression that it was traced to, at the option or the coordinate
 * that it is about, else at the loss's name.
 *
 * @param above  the layers above the annotation, weakest first: what they give is not the annotation's fault
 */
export function placeOfFinding(
  { subject, location }: Pick<Finding, 'subject' | 'location'>,
  declaration: LossDeclaration,
  above: readonly RunConfigPatch[],
): SourceLocation {
  if (location) return location;
  switch (subject?.kind) {
    case undefined:
      return declaration.location;
    case 'option':
      return placeOfOption(declaration, subject.path, above) ?? declaration.location;
    case 'parameter':
      return placeOfParameter(declaration, subject.index, above);
    default:
      return subject satisfies never;
  }
}

function placeOfParameter(
  declaration: LossDeclaration,
  index: number,
  above: readonly RunConfigPatch[],
): SourceLocation {
  const { parameter, annotation } = declaration;
  const path = ['names', String(index)];
  const isNamed = annotation?.places.has(path.join('.')) ?? false;
  return (
    parameter?.coordinates.get(index) ??
    (isNamed ? placeOfValue(declaration, path, above) : undefined) ??
    (parameter?.rest && index >= parameter.rest.first ? parameter.rest.location : undefined) ??
    parameter?.location ??
    declaration.location
  );
}
