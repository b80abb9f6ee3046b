import { optionsOf } from '../config/resolve';
import type { OptimizerConfig } from '../config/runConfig';
import { type Argument, argumentsOf, type Role, rolesOf } from './argumentRoles';

export type Vector = number[] | Float64Array;

/** One run of the user's optimizer. */
export interface OwnInstance {
  /**
   * Makes step t. Changes `params` in place, or returns new parameters.
   *
   * @param lr  replaces the learning rate of the reference, where the step or a property of its instance takes one
   */
  step(params: Vector, grad: Vector, t: number, lr?: number): unknown;
  /** The object that may hold its state in arrays that can be read. */
  readonly state: unknown;
}

/**
 * Creates an instance for a run that starts at these parameters. An instance may keep the array and change it
 * in place.
 */
export type MakeInstance = (params: Vector) => OwnInstance;

/** What the user marked with `@optimizerStep`. */
export interface OwnOptimizer {
  readonly make: MakeInstance;
  /** Whether one module holds one instance, so that every run needs the module to be loaded again. */
  readonly isSingle: boolean;
}

type Function = (this: unknown, ...args: unknown[]) => unknown;
type Callable = Readonly<Record<string, unknown>>;

const methods = ['step', 'update', 'apply', 'applyGradients', 'optimize'] as const;

/**
 * Recognizes what people write: a function `step(params, grad, state, t)`, with its parameters in any order if
 * their names tell which is which; a function for each tensor, `update(key, w, g)`; an object or instance with
 * such a method; a class; or a function that creates one of these.
 *
 * @returns null if the value is none of these
 */
export function ownOptimizer(value: unknown, reference: OptimizerConfig): OwnOptimizer | null {
  if (typeof value === 'function') {
    if (isClass(value)) return { make: (params) => ofClass(value, params, reference), isSingle: false };
    const create = factoryOf(value as Function, reference);
    if (create) return { make: create, isSingle: false };
    return { make: () => ofFunction(value as Function, undefined, {}, reference), isSingle: false };
  }
  const instance = ofObject(value, reference);
  return instance && { make: () => instance, isSingle: true };
}

function isClass(value: object): value is new (...args: unknown[]) => object {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

function ofClass(
  type: new (...args: unknown[]) => object,
  params: Vector,
  reference: OptimizerConfig,
): OwnInstance {
  const made = new type(...creationArguments(type, params, reference));
  const instance = ofObject(made, reference);
  if (!instance) throw new TypeError(`the class has no method ${methods.slice(0, 2).join(' or ')}`);
  return instance;
}

/** The arguments of a constructor or factory: the dimension, the parameters, lr, or the options as an object. */
function creationArguments(of: object, params: Vector, reference: OptimizerConfig): unknown[] {
  const options = optionsOf(reference);
  return argumentsOf(of).map(({ name, hasDefault }) => {
    // The user chose the value.
    if (hasDefault) return undefined;
    if (name === null) return { ...options };
    switch (rolesOf([name])[0]) {
      case 'params':
        return params;
      case 'dim':
        return params.length;
      case 'lr':
        return options.lr;
      default:
        return Object.hasOwn(options, name) ? options[name] : undefined;
    }
  });
}

/** A function that creates an optimizer, found by calling it; null if it is a step. */
function factoryOf(value: Function, reference: OptimizerConfig): MakeInstance | null {
  const list = argumentsOf(value);
  const isStep = rolesOf(list.map(({ name }) => name)).includes('grad');
  if (isStep || list.filter(({ hasDefault }) => !hasDefault).length > 1) return null;
  const create: MakeInstance = (params) => {
    const made = value.apply(undefined, creationArguments(value, params, reference));
    const instance =
      typeof made === 'function' && !isClass(made)
        ? ofFunction(made as Function, undefined, {}, reference)
        : ofObject(made, reference);
    if (!instance) throw new TypeError('the factory returned no optimizer');
    return instance;
  };
  try {
    create([0, 0, 0]);
    return create;
  } catch {
    return null;
  }
}

function ofObject(value: unknown, reference: OptimizerConfig): OwnInstance | null {
  if (typeof value !== 'object' || value === null) return null;
  const name = methods.find((each) => typeof (value as Callable)[each] === 'function');
  return name === undefined
    ? null
    : ofFunction((value as Callable)[name] as Function, value, value, reference);
}

/** Parts of the vector, for functions that update one tensor at a time. */
function tensorsOf(dim: number): readonly (readonly [key: string, from: number, to: number])[] {
  return dim === 1
    ? [['w', 0, 1]]
    : [
        ['w', 0, dim - 1],
        ['b', dim - 1, dim],
      ];
}

const positions: readonly Role[] = ['params', 'grad', 'state', 't'];

/** The role of a parameter, unless its default value is a choice of the user. */
const chosen = (list: readonly Argument[]) => (role: Role | null, k: number) =>
  list[k]!.hasDefault && role === 'dim' ? null : role;

/** Sets the learning rate of an instance, where it is a property that can be written. */
function setLr(holder: unknown, lr: number): void {
  if (typeof holder !== 'object' || holder === null) return;
  for (const [key, value] of Object.entries(holder))
    if (typeof value === 'number' && rolesOf([key])[0] === 'lr') Reflect.set(holder, key, lr);
}

function ofFunction(
  call: Function,
  holder: unknown,
  state: Record<string, unknown> | object,
  reference: OptimizerConfig,
): OwnInstance {
  const list = argumentsOf(call);
  const named = rolesOf(list.map(({ name }) => name));
  const ofReference = optionsOf(reference).lr;
  // A default value is a choice of the user, which only another learning rate replaces.
  const isChosen = list.some(({ hasDefault }, k) => hasDefault && named[k] === 'lr');
  const own = isChosen ? undefined : ofReference;
  const argumentOf = (role: Role | null, given: Readonly<Partial<Record<Role, unknown>>>) =>
    role === null ? undefined : given[role];
  const isKnown = named.includes('grad') && named.every((role, k) => role !== null || list[k]!.hasDefault);
  const roles: readonly (Role | null)[] = isKnown ? named.map(chosen(list)) : positions;
  if (isKnown && roles.includes('key'))
    return {
      state,
      step(params, grad, t, lr) {
        if (lr !== undefined) setLr(holder, lr);
        for (const [key, from, to] of tensorsOf(params.length)) {
          const part = params.slice(from, to);
          const given = {
            key,
            params: part,
            grad: grad.slice(from, to),
            state,
            t,
            lr: lr ?? own,
            dim: to - from,
          };
          const returned = call.apply(
            holder,
            roles.map((role) => argumentOf(role, given)),
          );
          const next = (returned === holder ? part : (returned ?? part)) as ArrayLike<number>;
          if (next.length !== part.length)
            throw new TypeError(`it returned ${next.length} values for ${part.length} of ${key}`);
          for (let i = 0; i < part.length; i++) params[from + i] = next[i]!;
        }
      },
    };
  return {
    state,
    step(params, grad, t, lr) {
      if (lr !== undefined) setLr(holder, lr);
      const given = { params, grad, state, t, lr: lr ?? own, dim: params.length };
      const returned = call.apply(
        holder,
        roles.map((role) => argumentOf(role, given)),
      );
      // A method that can be chained returns its instance.
      return returned === holder ? undefined : returned;
    },
  };
}
