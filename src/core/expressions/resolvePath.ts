import { nearest } from '../config/nearest';
import type { CoordinateGroup, CoordinateLayout } from '../coordinates/coordinateLayout';
import { glossaryTerms } from '../trace/glossaryTerms';
import type { CoordinateQuantity } from '../trace/names';
import type { Checked } from './checked';
import type { StepValue } from './expression';
import { isFunctionName } from './functions';
import { ProblemFound, type Span } from './problem';
import { countWithin, placeFrom } from './recordedRange';
import { aliases, type StepNames } from './stepNames';
import type { PathPart, Syntax } from './syntax';

type Path = Extract<Syntax, { readonly kind: 'path' }>;

/** The largest number of names that a message lists, of coordinates or of parts. */
const mostListed = 12;

/**
 * Finds what a name stands for.
 *
 * @param numberOf  checks an expression that must be a number
 * @throws ProblemFound if the run does not have it
 */
export function resolvePath(path: Path, names: StepNames, numberOf: (syntax: Syntax) => Checked): Checked {
  const { name, parts, from, to } = path;
  const value = Object.hasOwn(aliases, name) ? aliases[name]! : name;
  if (isAmong(names.values, value)) {
    if (parts.length > 0)
      throw new ProblemFound(
        spanOfParts(path),
        `${name} is one number for each step: it has no coordinates.`,
      );
    return { node: { kind: 'scalar', name: value }, type: 'number', domain: null, from, to };
  }
  if (!isAmong(names.quantities, name)) throw unknownName(path, names);
  const [first] = parts;
  if (first === undefined) return selected(name, [0, names.layout.dim - 1], path, names);
  if (first.kind === 'name') {
    const range = names.layout.select(writtenPath(parts));
    if (!range) throw unknownCoordinate(path, names.layout);
    return selected(name, range, path, names);
  }
  if (parts.length > 1)
    throw new ProblemFound(
      spanOfParts(path),
      'One index selects one coordinate, which has no parts. Write the name before the indices, such as params.w[3][1].',
    );
  const constant = constantOf(first.index);
  if (constant === null) {
    const { node } = numberOf(first.index);
    return { node: { kind: 'element', name, index: node }, type: 'number', domain: null, from, to };
  }
  const last = names.layout.dim - 1;
  if (!Number.isInteger(constant) || constant < 0 || constant > last)
    throw new ProblemFound(first, `The index of a coordinate is a whole number from 0 to ${last}.`);
  return selected(name, [constant, constant], path, names);
}

/** A coordinate of a quantity as it is written in an expression: `update.x`, `update["0.bias"]`, `update[3]`. */
export function writtenCoordinate(quantity: string, coordinate: number, layout: CoordinateLayout): string {
  const name = layout.nameOf(coordinate);
  if (/^(theta)?\[\d+\]$/.test(name)) return `${quantity}[${coordinate}]`;
  const [, start, rest] = /^(.*?)((?:\[\d+\])*)$/s.exec(name)!;
  const isPlain = /^[\p{ID_Start}$_][\p{ID_Continue}$]*(\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*$/u.test(
    start!,
  );
  return isPlain ? `${quantity}.${name}` : `${quantity}[${JSON.stringify(start)}]${rest}`;
}

function selected(
  name: CoordinateQuantity,
  [first, last]: readonly [number, number],
  { from, to }: Span,
  { recorded, layout }: StepNames,
): Checked {
  const count = countWithin(recorded, first, last);
  if (count === 0)
    throw new ProblemFound(
      { from, to },
      `The run records ${recorded.length} of its ${layout.dim} coordinates, and this is none of them. One of them is ${writtenCoordinate(name, recorded[Math.min(recorded.length - 1, placeFrom(recorded, first))]!, layout)}.`,
    );
  if (first === last)
    return { node: { kind: 'coordinate', name, coordinate: first }, type: 'number', domain: null, from, to };
  const node = { kind: 'vector', name, from: first, to: last, isVector: true } as const;
  return { node, type: 'numbers', domain: { first, count }, from, to };
}

/** The name of coordinates that the parts of a path write. */
function writtenPath(parts: readonly PathPart[]): string {
  let written = '';
  for (const part of parts) {
    if (part.kind === 'name') written += written === '' ? part.name : `.${part.name}`;
    else {
      const index = constantOf(part.index);
      if (index === null || !Number.isInteger(index) || index < 0)
        throw new ProblemFound(part, 'An index after a name is a whole number from 0 on.');
      written += `[${index}]`;
    }
  }
  return written;
}

/** The value of a number with or without a sign; null for all else. */
function constantOf(syntax: Syntax): number | null {
  if (syntax.kind === 'number') return syntax.value;
  if (syntax.kind === 'unary' && syntax.of.kind === 'number' && syntax.operator !== '!')
    return syntax.operator === '-' ? -syntax.of.value : syntax.of.value;
  return null;
}

function unknownName({ name, nameSpan, parts }: Path, names: StepNames): ProblemFound {
  const problem = (message: string) => new ProblemFound(nameSpan, message);
  if (name === 'NaN') return problem('No number equals NaN: write isnan(loss).');
  if (name === 'Infinity') return problem('Write !isfinite(loss) for a number that is infinite or NaN.');
  if (isAmong(names.later, name))
    return problem(
      `${name} is known only after the next step, so a condition cannot have it. Watch it instead.`,
    );
  if (isFunctionName(name)) return problem(`${name} is a function: write ${name}(…).`);
  const written = parts.every(({ kind }) => kind === 'name')
    ? writtenPath([nameOf(name, nameSpan), ...parts])
    : name;
  if (names.layout.find(written) || names.layout.find(name))
    return problem(
      `${name} is a name of coordinates. Write which quantity: ${['params', 'grad', 'update'].map((each) => `${each}.${name}`).join(', ')}.`,
    );
  const all = [...names.values, ...names.quantities];
  const near = Object.hasOwn(glossaryTerms, name)
    ? undefined
    : nearest(name, [...all, ...Object.keys(aliases)]);
  return problem(
    `This run has no ${name}.${near ? ` Did you mean ${near}?` : ''} Values of a step: ${names.values.join(', ')}. Of each coordinate: ${names.quantities.join(', ')}.`,
  );
}

function nameOf(name: string, span: Span): PathPart {
  return { kind: 'name', name, ...span };
}

function unknownCoordinate(path: Path, layout: CoordinateLayout): ProblemFound {
  const written = writtenPath(path.parts);
  const near = nearest(written, layout.groups.flatMap(namesIn));
  const shown = layout.groups.slice(0, mostListed).map(shownPart);
  const more = layout.groups.length > mostListed ? ', …' : '';
  return new ProblemFound(
    spanOfParts(path),
    `There is no coordinate ${written}.${near ? ` Did you mean ${near}?` : ''} Coordinates: ${shown.join(', ')}${more}.`,
  );
}

/** A part with the ranges of its indices: `w[0..63]`. */
function shownPart({ name, shape, firsts }: CoordinateGroup): string {
  return name + shape.map((length, axis) => `[${firsts[axis]!}..${firsts[axis]! + length - 1}]`).join('');
}

function namesIn({ name, children }: CoordinateGroup): readonly string[] {
  return [name, ...children.flatMap(namesIn)];
}

/** All after the name of the quantity. */
function spanOfParts({ nameSpan, to }: Path): Span {
  return { from: nameSpan.to, to };
}

function isAmong<N extends StepValue | CoordinateQuantity>(names: readonly N[], name: string): name is N {
  return (names as readonly string[]).includes(name);
}
