import type { Span } from '../annotation/annotationValue';
import type { LossDeclaration, ParameterPlaces } from '../declaration';
import type { LineMap } from '../places/lineMap';
import { lengthOf } from '../start/startText';
import { arityOf } from './declaredArity';
import type { ParameterSpans } from './spansOfParameter';

type Computed =
  | 'location'
  | 'extent'
  | 'statement'
  | 'dim'
  | 'parameterNames'
  | 'parameter'
  | 'forms'
  | 'optimizers';

/** What a reader knows of a function, with ranges instead of places. */
interface Facts extends Omit<LossDeclaration, Computed> {
  readonly nameSpan: Span;
  readonly extent: Span;
  readonly statement: Span;
  readonly spans: ParameterSpans | null;
  /** The length of the literal `<name>Start`; null if it is not known. */
  readonly startLength: number | null;
  readonly forms: () => LossDeclaration['forms'];
  readonly optimizers: () => NonNullable<LossDeclaration['optimizers']>;
}

/** The declaration of a function in a text. */
export function lossDeclaration(
  { nameSpan, extent, statement, spans, startLength, forms, optimizers, ...facts }: Facts,
  lines: LineMap,
): LossDeclaration {
  const { form, annotation } = facts;
  const { vector } = form;
  const given = annotation?.patch.start;
  return {
    ...facts,
    location: lines.location(nameSpan.from, nameSpan.to),
    extent: lines.location(extent.from, extent.to),
    statement: lines.location(statement.from, Math.min(statement.to, lines.lineEnd(statement.from))),
    dim: (given ? lengthOf(given) : null) ?? arityOf(form) ?? startLength,
    parameterNames: 'names' in vector && !('isOpen' in vector && vector.isOpen) ? vector.names : null,
    parameter: spans && placesOf(spans, lines),
    // Computed when it is first read: few losses name a gradient or a validation loss.
    get forms() {
      return forms();
    },
    get optimizers() {
      return optimizers();
    },
  };
}

function placesOf(
  { name, whole, coordinates, rest, unfilled }: ParameterSpans,
  lines: LineMap,
): ParameterPlaces {
  const place = ({ from, to }: Span) => lines.location(from, to);
  return {
    name,
    location: place(whole),
    coordinates: new Map([...coordinates].map(([index, span]) => [index, place(span)])),
    rest: rest && { first: rest.first, location: place(rest) },
    unfilled: unfilled && place(unfilled),
  };
}
