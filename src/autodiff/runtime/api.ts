import type { MathOperation, OperationName } from '../rules';

/**
 * The runtime that instrumented code calls as the object `$`.
 *
 * Each operation accepts the same operands as the operator. For plain values the result is that of the native
 * operator, including coercions and errors; only a traced operand gives a traced result. `site` is the number
 * of a place in the source; −1: unknown.
 */
export interface Runtime extends Arithmetic, ComparisonOperators, Members, Globals {
  /** The writes of code that is not strict: one that fails is ignored, as in JavaScript. */
  readonly loose: Members;

  /**
   * Array methods that inspect values. If the receiver is not an array, its own method of that name is
   * called.
   */
  readonly m: { readonly [Name in ValueMethod]: (receiver: unknown, ...args: unknown[]) => unknown };

  /**
   * `Math.f(x)` with exactly one operand, or `Math.f(x, y)` with exactly two for max, min, hypot, pow, atan2
   * and imul: as $.Math.f, with a known place.
   */
  readonly math: SitedMath;

  /** A method of `m` that is taken from its array; any other value is returned unchanged. */
  detached(method: unknown): unknown;

  /** An object from which a pattern takes methods; those of an array are detached. */
  detachedMembers(object: unknown): unknown;

  /**
   * Returns `value`. If a call without a known place (Math.max(...xs), a detached function) computed it, its
   * place becomes `site`.
   */
  at(value: unknown, site: number): unknown;

  /**
   * A member that is called by `o.name?.(…)`: undefined or null if it is missing, else a function that calls it, a method of
   * `m` as in `m`.
   */
  bound(object: unknown, key: PropertyKey): unknown;

  /** The code of a direct eval. @throws Refusal while traced values exist */
  evaluated(code: unknown, site: number): unknown;

  /** The object of a `with`. @throws Refusal while traced values exist */
  within(object: unknown, makesFunctions: boolean, site: number): unknown;

  /** Returns `value`. @throws Refusal while traced values exist */
  refused(value: unknown, message: string, site: number): unknown;

  /**
   * A whole expression of operators and Math functions as one operation: a function of its leaves. It is
   * created once, as a constant of the module, and called with the values of the leaves in the order in which
   * the source evaluates them. The result is the same as operator by operator, three times faster. Leaves are
   * the operands that are not operators: names, members, calls, plain or traced. 'pow' is `**`.
   *
   *   z + w[j] * r[j]    expression(3, ['add', 18, 0, ['mul', 17, 1, 2]])(z, w[j], r[j])
   *
   * A leaf may occur more than once in the tree if it is a name to which the expression does not assign.
   */
  expression(leafCount: number, tree: Expression): (...leaves: unknown[]) => unknown;

  /**
   * The same for an expression that adds to its leaf 0: `s + a * b - c`. If that leaf is a sum under construction (see
   * `open`), the rest is added to it, and it is returned.
   */
  accumulating(leafCount: number, tree: Expression): (...leaves: unknown[]) => unknown;

  /**
   * Begins a sum: returns what takes the place of a variable's value until `total` ends the sum. In between, the variable is
   * used as leaf 0 of `accumulating` only.
   */
  open(sum: unknown): unknown;
  total(sum: unknown): unknown;
  /** The same for the initial value of `receiver.reduce(callback, initial)`. */
  seed(receiver: unknown, initial: unknown): unknown;
  /** `receiver.reduce(callback)`, whose callback is an `accumulating` expression of its first parameter. */
  fold(
    name: 'reduce' | 'reduceRight',
    receiver: unknown,
    callback: (sum: unknown, element: unknown, index: number, array: unknown) => unknown,
  ): unknown;

  /** A loop that only adds to a variable: `for (let i = 0; i < n; i++) s += w[i] * x[i];`. Created once for each loop. */
  loopSum(loop: SumLoop): LoopSum;
  /**
   * `receiver.reduce(callback, initial)`, whose callback only adds to its first parameter. The parameters of the loop are the
   * receiver, its length, and `given`.
   */
  foldSum(
    name: 'reduce' | 'reduceRight',
    loop: SumLoop,
  ): (
    receiver: unknown,
    callback: (sum: unknown, element: unknown, index: number, array: unknown) => unknown,
    initial: unknown,
    ...given: unknown[]
  ) => unknown;
  /** Whether `for (… of list)` visits the elements by their indices: an array with the iterator of the engine. */
  iteratesElements(list: unknown): boolean;
  /** Whether every operation is checked. Then loops are executed operator by operator. */
  readonly checks: { readonly on: boolean };

  /**
   * `args`, the arguments of a call whose callee may be code that is not instrumented.
   *
   * @param called  the callee as the source names it; empty if it has no name there
   * @throws Refusal if the callee is not instrumented, and the receiver or an argument holds a traced value
   */
  argumentsFor(
    fn: unknown,
    self: unknown,
    args: readonly unknown[],
    site: number,
    called: string,
  ): readonly unknown[];

  /** A function that is passed as an argument. If it is not instrumented, its calls are checked. */
  callback(fn: unknown, site: number): unknown;

  /** What is called in place of `fn`: if it has a derivative rule, a function that applies the rule. */
  callee(fn: unknown, site: number): unknown;

  /** The object whose method `key` is called. If the method has a rule, an object with a method that applies it. */
  receiver(object: unknown, key: PropertyKey, site: number): unknown;

  /**
   * `@derivative` of a function.
   *
   * @param functions  gives the function whose derivative is defined, and the function that computes it
   */
  derivative(
    functions: () => readonly [unknown, unknown],
    functionName: string,
    derivativeName: string,
    site: number,
  ): void;

  /** The variables at the top level of a module, before its first statement: see `dataBindings`. */
  shown(variables: readonly ShownVariable[]): void;
  /** The end of a statement at the top level of a module that shows its variables. */
  settled(): void;
}

/** A variable at the top level of a module: its name, its place, and functions that read and assign it. */
export type ShownVariable = readonly [
  name: string,
  site: number,
  read: () => unknown,
  assign?: (value: unknown) => void,
];

/** The number of a leaf, a constant, or an operation with its place and its operands. */
export type Expression =
  | number
  | { readonly constant: number }
  | readonly [name: OperationName, site: number, ...operands: Expression[]];

/** A loop with the counter `i` that adds to a sum, as texts of JavaScript in the names `i`, p0, p1, …, and those that it declares. */
export interface SumLoop {
  /** The number of parameters p0, p1, … */
  readonly parameters: number;
  readonly test: string;
  readonly step: string;
  /** Declarations of the leaves x1, x2, … of the sum, in the order of the source. */
  readonly reads: string;
  readonly leaves: number;
  /** The sum after an iteration; leaf 0 is the sum before it. */
  readonly tree: Expression;
  /** If it reads nothing but elements, and calls nothing. */
  readonly pure?: {
    /** The parameters that must be numbers, because the conversion of something else may run code. */
    readonly numbers: readonly string[];
    /** The names that must be arrays or typed arrays, because reading another object may run code. */
    readonly lists: readonly string[];
    /** Names of elements that stay the same: each is read once, before the loop. */
    readonly rows: readonly (readonly [name: string, text: string])[];
    /** The same declarations with these names. */
    readonly reads: string;
  };
}

export interface LoopSum {
  /** False after the loop met something else than numbers; it is then executed as it was written. */
  readonly isDirect: boolean;
  /**
   * @param sum    before the loop; it may be a sum under construction
   * @param start  the first value of the counter
   * @returns the sum after the loop
   */
  run(sum: unknown, start: number, ...parameters: unknown[]): unknown;
}

export type BinaryMathOperation = 'atan2' | 'hypot' | 'imul' | 'max' | 'min' | 'pow';

export type SitedMath = {
  readonly [Name in MathOperation]: Name extends BinaryMathOperation ? BinarySited : UnarySited;
};

export type SitedFunction = BinarySited | UnarySited;
type UnarySited = (a: unknown, site: number) => unknown;
type BinarySited = (a: unknown, b: unknown, site: number) => unknown;

/** `~` is unary: its second operand is ignored. */
export type IntegerOperator = '|' | '&' | '^' | '<<' | '>>' | '>>>' | '~';

export interface Arithmetic {
  add: BinarySited;
  sub: BinarySited;
  mul: BinarySited;
  div: BinarySited;
  mod: BinarySited;
  /** `a ** b` */
  pow: BinarySited;
  neg: UnarySited;
  /** `+a` */
  plus: UnarySited;
  /** The new value of `++a`. */
  inc: UnarySited;
  dec: UnarySited;
  /** The old value of `a++`: a as a number or BigInt. */
  numeric(a: unknown): unknown;
  /** The old value of `o.x++`, which was stored in `box` while `updated` was computed. */
  before(box: { readonly old: unknown }, updated: unknown): unknown;
  int(op: IntegerOperator, a: unknown, b: unknown, site: number): unknown;
}

export interface ComparisonOperators {
  lt(a: unknown, b: unknown, site?: number): boolean;
  le(a: unknown, b: unknown, site?: number): boolean;
  gt(a: unknown, b: unknown, site?: number): boolean;
  ge(a: unknown, b: unknown, site?: number): boolean;
  /** `==` */
  eq(a: unknown, b: unknown, site?: number): boolean;
  /** `!=` */
  ne(a: unknown, b: unknown, site?: number): boolean;
  /** `===` */
  same(a: unknown, b: unknown, site?: number): boolean;
  /** `!==` */
  differ(a: unknown, b: unknown, site?: number): boolean;
  truthy(a: unknown): boolean;
  /** The value that a `switch` compares: for a traced value its number. */
  plain(a: unknown): unknown;
  /** `typeof v` */
  typeOf(v: unknown): string;
  /** A part of a template: `${v}`. */
  text(v: unknown): string;
}

/**
 * A reference to a member. `value` was read when the reference was created, before the right side was
 * evaluated.
 */
export interface Ref {
  readonly object: unknown;
  readonly key: PropertyKey;
  readonly value: unknown;
}

type RefUpdate = (ref: Ref, b: unknown, site: number) => unknown;
type MemberUpdate = (object: unknown, key: unknown, b: unknown, site: number) => unknown;

export interface Members {
  /** Reads object[key]. */
  ref(object: unknown, key: unknown): Ref;
  /** `object[key] += b`; returns the new value. */
  addTo: RefUpdate;
  subFrom: RefUpdate;
  mulBy: RefUpdate;
  divBy: RefUpdate;
  modBy: RefUpdate;
  powBy: RefUpdate;
  /** `++object[key]` with `prefix` (returns the new value), else `object[key]++` (returns the old one). */
  incRef(ref: Ref, prefix: boolean, site?: number): unknown;
  decRef(ref: Ref, prefix: boolean, site?: number): unknown;
  /** `object[key] op= b`. */
  intRef(op: IntegerOperator, ref: Ref, b: unknown, site: number): unknown;
  /** Writes `value` where `ref` points to and returns it: for `a[i] ||= v` and the like. */
  store(ref: Ref, value: unknown): unknown;

  /**
   * The same without a Ref: object[key] is read after `b` was evaluated. Used only if evaluating `b` cannot
   * change object[key], because it contains no call, assignment, update, await or yield.
   */
  addAt: MemberUpdate;
  subAt: MemberUpdate;
  mulAt: MemberUpdate;
  divAt: MemberUpdate;

  /** `object[key] = value`; returns `value`. */
  set(object: unknown, key: unknown, value: unknown, site?: number): unknown;
  /**
   * A function that does the same for one place in the source.
   *
   * @param other  writes to objects that are not native arrays
   */
  setter(site: number, other?: Members['set']): (object: unknown, key: unknown, value: unknown) => unknown;
}

export type ValueMethod =
  | 'some'
  | 'every'
  | 'filter'
  | 'find'
  | 'findIndex'
  | 'findLast'
  | 'findLastIndex'
  | 'includes'
  | 'indexOf'
  | 'lastIndexOf'
  | 'sort'
  | 'toSorted'
  | 'join'
  | 'fill';

/** Replacements of the globals with these names. */
export interface Globals {
  readonly Math: Math;
  readonly Number: NumberConstructor;
  readonly Boolean: BooleanConstructor;
  readonly String: StringConstructor;
  readonly Array: ArrayConstructor;
  readonly Float64Array: Float64ArrayConstructor;
  readonly Float32Array: Float32ArrayConstructor;
  readonly Map: MapConstructor;
  readonly Set: SetConstructor;
  readonly isNaN: (value: unknown) => boolean;
  readonly isFinite: (value: unknown) => boolean;
  readonly parseFloat: (value: unknown) => unknown;
  readonly parseInt: (value: unknown, radix?: unknown) => number;
  readonly eval: (code: unknown) => unknown;
  readonly Function: FunctionConstructor;
  readonly structuredClone: (value: unknown, options?: unknown) => unknown;
  /** ArrayBuffer.isView */
  readonly isView: (value: unknown) => boolean;
  /** Object, for a pattern that takes functions from it. */
  readonly Object: ObjectConstructor;
  /** Object.is */
  readonly is: (a: unknown, b: unknown) => boolean;
}
