import type { CallForm, VectorForm } from '../../core/callForm';
import { isNamedStart, type NamedStart, type Start } from '../../core/config/runConfig';
import type { DeclaredForm, DeclaredVector, LossDeclaration } from '../declaration';
import type { Language } from '../source';

/** How a loss is called and where it starts, which its declaration and its start decide together. */
export interface VectorStart {
  readonly form: CallForm;
  /** In the order of the coordinates; null if no start is given, or it does not fit. */
  readonly start: readonly number[] | null;
  /** The names of the coordinates, if the declaration or the start gives them. */
  readonly names: readonly string[] | null;
  /** Why the start does not fit the declaration; null if it does. */
  readonly problem: string | null;
}

/**
 * Fits a start to the declared vector of a loss: a start with names is brought into the order of the
 * coordinates, and names the coordinates of a vector that declares no names.
 *
 * @param naming  a weaker start with names, which name the coordinates if the given start is a list
 */
export function fitStart(
  { name, form, startKeys }: Pick<LossDeclaration, 'name' | 'form' | 'startKeys'>,
  given: Start | null,
  naming: NamedStart | null = null,
): VectorStart {
  const namedStart = given && isNamedStart(given) ? given : naming;
  // The keys of `<name>Start` name the coordinates of an object, as those of `@start` do. Of an array they do at run time, when its
  // values are read: each may be an array.
  const isArray = 'arity' in form.vector || form.vector.kind === 'none';
  const keys = namedStart ? Object.keys(namedStart) : isArray ? null : startKeys;
  const named = withNames(form, keys);
  if (!given) return { ...named, start: null, problem: null };
  const problem = isNamedStart(given)
    ? problemOfNamed(name, form.vector, named, Object.keys(given))
    : problemOfList(name, form.vector, named, given);
  return { ...named, start: problem === null ? inOrder(given, named.names) : null, problem };
}

/** How the gradient or the validation loss is called, which gets the same vector as the loss. */
export function companionForm(
  declared: DeclaredForm | undefined,
  { form, names }: Pick<VectorStart, 'form' | 'names'>,
): CallForm {
  if (!declared) return { ...form, context: 'unless-one' };
  const { vector, context } = declared;
  if (vector.kind === 'undeclared' || vector.kind === 'none') return { vector: form.vector, context };
  // The coordinates are in the order of the loss, whatever the order of the names here.
  return vector.kind === 'object' && names
    ? { vector: { kind: 'object', names }, context }
    : withNames(declared, null).form;
}

type Named = Pick<VectorStart, 'form' | 'names'>;

function withNames({ vector, context }: DeclaredForm, keys: readonly string[] | null): Named {
  switch (vector.kind) {
    case 'object': {
      const names = keys
        ? [...vector.names.filter((name) => keys.includes(name)), ...without(keys, vector.names)]
        : vector.names;
      return { form: { vector: { kind: 'object', names }, context }, names };
    }
    case 'numbers':
      return { form: { vector: { kind: 'numbers', names: vector.names }, context }, names: vector.names };
    case 'undeclared':
      return keys ? undeclaredWithNames(vector, context, keys) : plain('array', context, null);
    case 'none':
      return plain('array', context, keys);
    default:
      return plain(vector.kind, context, vector.names ?? keys);
  }
}

/** `f(x, y)` with `@start x=1 y=2` takes numbers; with other names, its first parameter is an object. */
function undeclaredWithNames(
  { parameters }: DeclaredVector & { kind: 'undeclared' },
  context: CallForm['context'],
  keys: readonly string[],
): Named {
  const names = parameters.slice(0, keys.length).map(({ name }) => name);
  if (names.length === keys.length && without(keys, names).length === 0)
    return {
      form: {
        vector: { kind: 'numbers', names },
        context: parameters[keys.length]?.context ?? false,
      },
      names,
    };
  return { form: { vector: { kind: 'object', names: keys }, context }, names: keys };
}

function plain(
  kind: Exclude<VectorForm['kind'], 'object' | 'numbers'>,
  context: CallForm['context'],
  names: readonly string[] | null,
): Named {
  return { form: { vector: { kind }, context }, names };
}

function problemOfList(
  name: string,
  vector: DeclaredVector,
  { names }: Named,
  given: readonly number[],
): string | null {
  if (vector.kind === 'object' && names?.length === 0)
    return `start must name its numbers, as in a=0 b=1, because ${name} takes an object`;
  const count = 'arity' in vector ? (vector.arity ?? names?.length) : names?.length;
  if (count === undefined || given.length === count) return null;
  return `start has ${counted(given.length)}, but ${name} takes ${count}${listed(names)}`;
}

function problemOfNamed(
  name: string,
  vector: DeclaredVector,
  { names }: Named,
  keys: readonly string[],
): string | null {
  const isOpen = vector.kind === 'undeclared' || (vector.kind === 'object' && vector.isOpen);
  const optional = vector.kind === 'object' ? vector.optional : [];
  const declared = 'names' in vector && vector.names ? vector.names : names;
  const extra = without(keys, [...(declared ?? []), ...optional]);
  if (extra.length > 0 && !isOpen && declared)
    return `start has a value for ${extra.join(', ')}, but ${name} takes ${declared.join(', ') || 'none'}`;
  const missing = without(without(declared ?? [], optional), keys);
  if (missing.length > 0) return `start has no value for ${missing.join(', ')}`;
  const arity = 'arity' in vector ? vector.arity : null;
  if (arity !== null && keys.length !== arity)
    return `start has ${counted(keys.length)}, but ${name} takes ${arity}`;
  return null;
}

function inOrder(given: Start, names: readonly string[] | null): readonly number[] {
  if (!isNamedStart(given)) return given;
  return (names ?? Object.keys(given)).map((name) => (given as NamedStart)[name]!);
}

function without(names: readonly string[], others: readonly string[]): string[] {
  return names.filter((name) => !others.includes(name));
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'number' : 'numbers'}`;
}

function listed(names: readonly string[] | null): string {
  return names && names.length > 0 ? ` (${names.join(', ')})` : '';
}

/** Why mini-batches cannot be used with a loss. */
export function noContextMessage(lossName: string, language: Language): string {
  const advice =
    language === 'python'
      ? 'add the parameter indices after the vector, or remove samples='
      : 'write { indices } as its parameter after the vector, or remove @samples';
  return `${lossName} does not ask for the mini-batch: ${advice}`;
}
