import type { DeclaredForm, DeclaredVector } from '../../declaration';
import {
  isNumber,
  mayBeNumber,
  type ObjectPattern,
  type ObjectShape,
  type Parameter,
  type Signature,
  type TypeShape,
} from './typeShape';

/** How a function of unknown parameters is called: the result of a call, or of another file. */
export const unknownForm: DeclaredForm = {
  vector: { kind: 'undeclared', parameters: [] },
  context: 'unless-one',
  unfilled: null,
};

/** How a function takes its parameter vector, and whether it asks for the context. */
export function declaredForm({ parameters }: Signature): DeclaredForm {
  const [first] = parameters;
  if (first?.isRest && forwards(first)) return unknownForm;
  const vector = vectorOf(parameters);
  const next = parameters[vector.kind === 'numbers' ? vector.names.length : 1];
  const context = next !== undefined && vector.kind !== 'rest' && contextOf(next);
  const isUnfilled = next && !context && !next.hasDefault && !next.isOptional && !next.isRest;
  return { vector, context, unfilled: isUnfilled && vector.kind !== 'rest' ? nameOf(next) : null };
}

/** `(...args) => f(...args)`: a rest parameter that takes anything, rather than numbers. */
function forwards({ name, type, typeText }: Parameter): boolean {
  if (typeText === null) return name === 'args';
  return type.kind === 'unknown' || (type.kind === 'array' && type.element.kind === 'unknown');
}

/**
 * Whether a parameter after the vector gets the context: an object pattern, or a parameter without a default
 * whose type is not a primitive, an array or a function.
 */
function takesContext({ pattern, isRest, hasDefault, type }: Parameter): boolean {
  if (isRest) return false;
  if (pattern?.kind === 'object') return true;
  return !hasDefault && pattern === null && mayBeContext(type);
}

function contextOf(parameter: Parameter): boolean | 'indices' {
  return takesContext(parameter) && (readsOnlyIndices(parameter) ? 'indices' : true);
}

/** Whether the pattern, or without one the type, gives access to the indices alone. */
function readsOnlyIndices({ pattern, type }: Parameter): boolean {
  const isIndices = (keys: readonly string[]) => keys.length > 0 && keys.every((key) => key === 'indices');
  if (pattern?.kind === 'object') return !pattern.isOpen && isIndices(pattern.members.map(({ key }) => key));
  return type.kind === 'object' && type.others === null && isIndices([...type.members.keys()]);
}

function mayBeContext(type: TypeShape): boolean {
  switch (type.kind) {
    case 'number':
    case 'primitive':
    case 'array':
    case 'typedArray':
    case 'function':
      return false;
    case 'union':
      return type.members.some(mayBeContext);
    default:
      return true;
  }
}

function vectorOf(parameters: readonly Parameter[]): DeclaredVector {
  const [first] = parameters;
  if (!first) return { kind: 'undeclared', parameters: [] };
  if (first.isRest) return restVector(first);
  if (first.pattern?.kind === 'array') return patternVector(first, first.pattern);
  if (first.pattern) return objectPatternVector(first, first.pattern);
  if (isNumber(first.type)) return numbersVector(parameters);
  return typedVector(first.type, first) ?? undeclared(parameters);
}

function undeclared(parameters: readonly Parameter[]): DeclaredVector {
  return {
    kind: 'undeclared',
    parameters: parameters.map((parameter) => ({
      name: parameter.name ?? '',
      context: contextOf(parameter),
    })),
  };
}

/** `(x: number, y: number)`: the parameters up to the first that is no number, or may be left out. */
function numbersVector(parameters: readonly Parameter[]): DeclaredVector {
  const [first] = parameters;
  if (first!.hasDefault)
    return none(`${nameOf(first!)} has a default; numbers without defaults are a vector`);
  const end = parameters.findIndex(
    ({ type, pattern, isRest, hasDefault, isOptional }, index) =>
      !isNumber(type) || pattern !== null || isRest || hasDefault || (isOptional && index > 0),
  );
  return { kind: 'numbers', names: parameters.slice(0, end < 0 ? undefined : end).map(nameOf) };
}

function restVector(parameter: Parameter): DeclaredVector {
  const { type, pattern } = parameter;
  const element = type.kind === 'array' ? type.element : type;
  if (!mayBeNumber(element)) return typed(parameter);
  if (pattern?.kind === 'array' && !pattern.isNested)
    return { kind: 'rest', arity: pattern.arity, names: pattern.names };
  if (pattern) return none(`${nameOf(parameter)} contains patterns, not numbers`);
  return { kind: 'rest', ...labelled(type) };
}

function patternVector(
  parameter: Parameter,
  { arity, names, isNested }: Parameter['pattern'] & { kind: 'array' },
): DeclaredVector {
  if (isNested) return none('an element of its first parameter is a pattern, not a number');
  const declared = typedVector(parameter.type, parameter);
  if (declared && !isList(declared)) return declared.kind === 'none' ? declared : typed(parameter);
  return { kind: declared?.kind ?? 'array', arity, names };
}

function objectPatternVector(parameter: Parameter, pattern: ObjectPattern): DeclaredVector {
  const declared = typedVector(parameter.type, parameter);
  if (declared && (isList(declared) || declared.kind === 'none')) return declared;
  const { members, isOpen } = pattern;
  // `({ 0: x, 1: y })` reads the elements of an array.
  if (members.length > 0 && members.every(({ key }) => /^\d+$/.test(key)))
    return { kind: 'array', arity: null, names: null };
  const nested = members.find(({ isPattern }) => isPattern);
  if (nested) return none(`the property ${nested.key} of its first parameter is a pattern, not a number`);
  const typedMembers = parameter.type.kind === 'object' ? [...parameter.type.members] : [];
  const read = new Set(members.map(({ key }) => key));
  const others = typedMembers.filter(([name]) => !read.has(name));
  // Without a rest element, only the properties in the pattern are read.
  const more = isOpen ? others.filter(([, { isOptional }]) => !isOptional) : [];
  const names = [...read, ...more.map(([name]) => name)];
  const isOptional = ({ key, hasDefault }: ObjectPattern['members'][number]) =>
    hasDefault || typedMembers.some(([name, member]) => name === key && member.isOptional);
  return {
    kind: 'object',
    names,
    optional: [...members.filter(isOptional).map(({ key }) => key), ...others.map(([name]) => name)],
    isOpen: isOpen && others.length === 0,
  };
}

/** The vector that a type describes; null if it can be any. */
function typedVector(type: TypeShape, parameter: Parameter): DeclaredVector | null {
  switch (type.kind) {
    case 'unknown':
      return null;
    case 'array':
      return mayBeNumber(type.element) ? { kind: 'array', ...labelled(type) } : typed(parameter);
    case 'typedArray':
      if (type.name !== 'Float64Array' && type.name !== 'Float32Array') return typed(parameter);
      return { kind: type.name, arity: null, names: null };
    case 'object':
      return objectVector(type, parameter);
    case 'union': {
      const members = type.members.filter(({ kind }) => kind !== 'primitive');
      const found = members.map((member) => typedVector(member, parameter));
      if (found.includes(null)) return null;
      const fits = found.filter((each) => each !== null && each.kind !== 'none');
      return fits.find((each) => each?.kind === 'array') ?? fits[0] ?? typed(parameter);
    }
    case 'number':
    case 'primitive':
    case 'function':
    case 'promise':
      return typed(parameter);
    default:
      return type satisfies never;
  }
}

function objectVector({ members, others }: ObjectShape, parameter: Parameter): DeclaredVector {
  if (others && !mayBeNumber(others)) return typed(parameter);
  const odd = [...members].find(([, { type, isOptional }]) => !isOptional && !mayBeNumber(type));
  if (odd) return none(`the property ${odd[0]} of ${nameOf(parameter)} is not typed as a number`);
  const numbers = [...members].filter(([, { type }]) => mayBeNumber(type));
  return {
    kind: 'object',
    names: numbers.map(([name]) => name),
    optional: numbers.filter(([, { isOptional }]) => isOptional).map(([name]) => name),
    isOpen: others !== null || numbers.length === 0,
  };
}

function labelled(type: TypeShape): { arity: number | null; names: readonly string[] | null } {
  const labels = type.kind === 'array' ? type.labels : null;
  return {
    arity: labels?.length ?? null,
    names: labels?.every((label) => label !== null) && labels.length > 0 ? labels : null,
  };
}

function isList(
  vector: DeclaredVector,
): vector is DeclaredVector & { kind: 'array' | 'Float64Array' | 'Float32Array' } {
  return vector.kind === 'array' || vector.kind === 'Float64Array' || vector.kind === 'Float32Array';
}

function typed(parameter: Parameter): DeclaredVector {
  const { typeText } = parameter;
  const type = typeText === null ? '' : ` is typed ${shortened(typeText)}, which`;
  return none(`${nameOf(parameter)}${type} is not a list or an object of numbers`);
}

function none(reason: string): DeclaredVector {
  return { kind: 'none', reason };
}

function nameOf({ name }: Parameter): string {
  return name ?? 'its first parameter';
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
