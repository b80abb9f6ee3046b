/**
 * Option specifications: the only definition of an option's type, default, range and meaning. Validation,
 * completion, hover, the dialog and the command line all use it.
 */

/** An interval of allowed values. A missing end is unbounded; infinities themselves are never allowed. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
  readonly excludesMin?: boolean;
  readonly excludesMax?: boolean;
}

/** Defaults that are derived from the run. */
export type RunDefault = 'steps' | 'tenthOfSteps' | 'thirdOfSteps' | 'lr';
export type RunListDefault = 'halfAndThreeQuartersOfSteps';

export interface NumberSpec {
  readonly kind: 'number' | 'integer';
  readonly default: number | RunDefault;
  readonly range: Range;
  readonly doc: string;
}
export interface BooleanSpec {
  readonly kind: 'boolean';
  readonly default: boolean;
  readonly doc: string;
}
/** An option whose value is one of several words. */
export interface ChoiceSpec<C extends string = string> {
  readonly kind: 'choice';
  readonly default: C;
  readonly choices: readonly C[];
  readonly doc: string;
}
/** A list of integers in the range, in strictly ascending order. */
export interface AscendingSpec {
  readonly kind: 'ascending';
  readonly default: readonly number[] | RunListDefault;
  readonly range: Range;
  readonly doc: string;
}
export type OptionSpec = NumberSpec | BooleanSpec | ChoiceSpec | AscendingSpec;
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** The plain values that a set of specifications describes. */
export type OptionsOf<S extends OptionSpecs> = { readonly [K in keyof S]: ValueOf<S[K]> };
type ValueOf<S extends OptionSpec> = S extends BooleanSpec
  ? boolean
  : S extends NumberSpec
    ? number
    : S extends ChoiceSpec<infer C>
      ? C
      : S extends AscendingSpec
        ? readonly number[]
        : never;

export function number(defaultValue: number | RunDefault, range: Range, doc: string) {
  return { kind: 'number', default: defaultValue, range, doc } as const;
}
export function integer(defaultValue: number | RunDefault, range: Range, doc: string) {
  return { kind: 'integer', default: defaultValue, range, doc } as const;
}
export function flag(defaultValue: boolean, doc: string) {
  return { kind: 'boolean', default: defaultValue, doc } as const;
}
/** The first choice is the default. */
export function choice<const C extends string>(choices: readonly [C, ...C[]], doc: string): ChoiceSpec<C> {
  return { kind: 'choice', default: choices[0], choices, doc };
}
export function ascending(
  defaultValue: readonly number[] | RunListDefault,
  range: Range,
  doc: string,
): AscendingSpec {
  return { kind: 'ascending', default: defaultValue, range, doc };
}

export const atLeast = (min: number): Range => ({ min });
export const above = (min: number): Range => ({ min, excludesMin: true });
/** [min, max) */
export const fromBelow = (min: number, max: number): Range => ({ min, max, excludesMax: true });
/** [min, max] */
export const within = (min: number, max: number): Range => ({ min, max });
/** (min, max] */
export const aboveTo = (min: number, max: number): Range => ({ min, max, excludesMin: true });

export function isInRange(value: number, range: Range): boolean {
  if (!Number.isFinite(value)) return false;
  if (range.min !== undefined && (range.excludesMin ? value <= range.min : value < range.min)) return false;
  if (range.max !== undefined && (range.excludesMax ? value >= range.max : value > range.max)) return false;
  return true;
}

/** ">= 0 and < 1", "> 0", or "finite" if every finite number is allowed. */
export function describeBounds({ min, max, excludesMin, excludesMax }: Range): string {
  const low = min === undefined ? [] : [`${excludesMin ? '>' : '>='} ${min}`];
  const high = max === undefined ? [] : [`${excludesMax ? '<' : '<='} ${max}`];
  return [...low, ...high].join(' and ') || 'finite';
}

/** "0 <= beta1 < 1", "lr >= 0", or "lr" if every finite number is allowed. */
export function describeRange(name: string, range: Range): string {
  const low = range.min === undefined ? '' : `${range.min} ${range.excludesMin ? '<' : '<='} `;
  const high = range.max === undefined ? '' : ` ${range.excludesMax ? '<' : '<='} ${range.max}`;
  if (low && !high) return `${name} ${range.excludesMin ? '>' : '>='} ${range.min}`;
  return `${low}${name}${high}`;
}

/** The allowed values of an option: "0 <= beta1 < 1", "true or false", "cos or linear". */
export function describeAllowed(name: string, spec: OptionSpec): string {
  switch (spec.kind) {
    case 'boolean':
      return 'true or false';
    case 'choice':
      return spec.choices.join(' or ');
    case 'ascending':
      return `a list of ascending integers, each ${describeRange('', spec.range).trim()}`;
    default:
      return describeRange(name, spec.range);
  }
}

/** A combination of options that is invalid although each of them is in its range. */
export interface OptionConflict {
  /** The option at which the problem is shown. */
  readonly option: string;
  readonly message: string;
}
