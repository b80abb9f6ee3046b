import type { RunConfigPatch } from '../../core/config/runConfig';
import { entryOf } from '../../core/coordinates/nameEntry';
import type { Finding } from '../../core/diagnosis/finding';
import type { SourceLocation } from '../../core/sourceLocation';
import type { LossDeclaration } from '../declaration';
import { placeOfOption, placeOfValue } from './optionPlace';

/**
 * The place of a finding in a declaration: the expression that caused it, or else the option or coordinate
 * that it concerns, or else the name of the loss.
 *
 * @param above  the layers that override the annotation, weakest first. An option that they set has no place
 *   in the annotation.
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
  const entry = entryOf(annotation?.patch.names ?? [], index);
  const path = ['names', String(entry?.index)];
  const isNamed = annotation?.places.has(path.join('.')) ?? false;
  return (
    parameter?.coordinates.get(index) ??
    (isNamed ? placeOfValue(declaration, path, above) : undefined) ??
    (parameter?.rest && index >= parameter.rest.first ? parameter.rest.location : undefined) ??
    parameter?.location ??
    declaration.location
  );
}
