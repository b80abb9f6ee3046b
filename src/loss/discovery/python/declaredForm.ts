import type { DeclaredForm, DeclaredVector } from '../../declaration';
import type { Parameter, Signature } from './signature';

/** How an optimizer class is called, which its declaration does not say. */
export const unknownForm: DeclaredForm = {
  vector: { kind: 'undeclared', parameters: [] },
  context: 'unless-one',
  unfilled: null,
};

/** The names of the parameters after the vector that get a part of the context of a step. */
const contextNames = new Set(['indices', 'step', 'epoch', 'seed', 'key', 'context']);

/** What decides the form of a function, besides its parameters. */
export interface FormHints {
  /** The names of the coordinates that the body unpacks: `x, y = theta`. */
  readonly unpacked: { readonly arity: number | null; readonly names: readonly string[] | null } | null;
  /** The names in the start; null if there is none, or it is a list. */
  readonly startNames: readonly string[] | null;
  /** How many arguments the function gets instead of a vector: its module, and its data. */
  readonly given: 0 | 1 | 2;
  /** Whether the annotation says where the parameters with their structure are, which a type describes less well. */
  readonly hasStructure: boolean;
}

export const noHints: FormHints = { unpacked: null, startNames: null, given: 0, hasStructure: false };

/** How a function takes its parameter vector, and whether it asks for the context. */
export function declaredForm({ parameters }: Signature, hints: FormHints): DeclaredForm {
  const vector = vectorOf(parameters, hints);
  const after = parameters.slice(countOf(vector, parameters, hints));
  const unfilled = after.find((parameter) => isRequired(parameter) && !getsContext(parameter));
  return { vector, context: contextOf(after), unfilled: unfilled?.name ?? null };
}

/** How many parameters the vector is. */
function countOf(vector: DeclaredVector, parameters: readonly Parameter[], hints: FormHints): number {
  if (hints.given > 0) return hints.given;
  if (vector.kind === 'numbers') return vector.names.length;
  const { startNames } = hints;
  if (vector.kind !== 'undeclared' || !startNames) return 1;
  // Names of the start that are parameters make them numbers.
  const leading = parameters.slice(0, startNames.length).map(({ name }) => name);
  return startNames.every((name) => leading.includes(name)) ? leading.length : 1;
}

function isRequired({ kind, hasDefault }: Parameter): boolean {
  return !hasDefault && kind !== 'rest' && kind !== 'keywords';
}

function getsContext({ name, kind }: Parameter): boolean {
  return contextNames.has(name) && (kind === 'plain' || kind === 'keywordOnly');
}

function contextOf(after: readonly Parameter[]): boolean | 'indices' {
  const asked = after.filter(getsContext);
  if (asked.length === 0) return false;
  return asked.every(({ name }) => name === 'indices') ? 'indices' : true;
}

function vectorOf(parameters: readonly Parameter[], hints: FormHints): DeclaredVector {
  const [first] = parameters;
  const plain: DeclaredVector = { kind: 'array', arity: null, names: null };
  if (hints.given > 0) return plain;
  if (!first) return { kind: 'undeclared', parameters: [] };
  if (first.kind === 'rest') return { kind: 'rest', arity: null, names: null };
  if (first.kind === 'keywordOnly' || first.kind === 'keywords')
    return none(`${first.name} cannot be given by its position`);
  if (hints.hasStructure) return plain;
  const unpacked = hints.unpacked && { arity: hints.unpacked.arity, names: hints.unpacked.names };
  switch (first.type.kind) {
    case 'number':
      return numbersVector(parameters, first);
    case 'tensor':
      return { ...plain, ...unpacked };
    case 'list':
      return { ...plain, arity: first.type.arity, ...unpacked };
    case 'dict': {
      const { names, optional, isOpen } = first.type;
      return { kind: 'object', names, optional, isOpen };
    }
    case 'integer':
    case 'other':
      return none(
        `${first.name} is typed ${shortened(first.typeText ?? '')}, which is not an array of numbers`,
      );
    case 'unknown':
      if (unpacked || first.typeText !== null) return { ...plain, ...unpacked };
      return { kind: 'undeclared', parameters: untyped(parameters) };
    default:
      return first.type satisfies never;
  }
}

/** `(x: float, y: float)`: the parameters up to the first that is no float, has a default or gets the context. */
function numbersVector(parameters: readonly Parameter[], first: Parameter): DeclaredVector {
  if (first.hasDefault) return none(`${first.name} has a default; numbers without defaults are a vector`);
  const isNumber = ({ type, kind, hasDefault }: Parameter) =>
    type.kind === 'number' && (kind === 'plain' || kind === 'positionalOnly') && !hasDefault;
  const end = parameters.findIndex(
    (parameter, index) => !isNumber(parameter) || (index > 0 && getsContext(parameter)),
  );
  return { kind: 'numbers', names: parameters.slice(0, end < 0 ? undefined : end).map(({ name }) => name) };
}

function untyped(parameters: readonly Parameter[]) {
  const end = parameters.findIndex(({ kind }) => kind !== 'plain' && kind !== 'positionalOnly');
  return parameters.slice(0, end < 0 ? undefined : end).map(({ name }, index) => ({
    name,
    // A parameter that follows the vector begins the ones that may get the context.
    context: contextOf(parameters.slice(index)),
  }));
}

function none(reason: string): DeclaredVector {
  return { kind: 'none', reason };
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
