import { readEntry } from '../coordinates/nameEntry';
import { optimizerNames, optimizers } from '../optimizers/registry';
import { scheduleNames, schedules } from '../schedules/registry';
import { nearest } from './nearest';
import {
  type AscendingSpec,
  above,
  atLeast,
  describeBounds,
  isInRange,
  type OptionSpec,
  type OptionSpecs,
  type Range,
} from './optionSpecs';
import { type ConfigProblem, gradientModes, precisions, type RunConfigPatch } from './runConfig';

type Check = (value: unknown, path: readonly string[]) => ConfigProblem[];

/**
 * All problems of a patch of a RunConfig, each with the path to its value. This is the only validator: the
 * annotation, the settings, the panel, `--config` and `--set` all use it.
 */
export function validatePatch(patch: unknown): ConfigProblem[] {
  if (!isObject(patch))
    return [problem([], 'wrong-type', `the configuration must be an object, got ${show(patch)}`)];
  return checkKeys(patch, [], checks, 'key');
}

const checkNamedOptimizer = named(
  'optimizer',
  optimizerNames,
  (name) => optimizers[name as keyof typeof optimizers].options,
);

/** An optimizer, or `own`: the export of the user's module that is one. */
const checkOptimizer: Check = (value, path) => {
  if (!isObject(value) || value.own === undefined) return checkNamedOptimizer(value, path);
  const { own, ...rest } = value;
  return [...text(own, [...path, 'own']), ...checkNamedOptimizer(rest, path)];
};

const checks: { readonly [K in keyof Required<RunConfigPatch>]: Check } = {
  optimizer: orNull(checkOptimizer),
  schedule: orNull(
    named('schedule', scheduleNames, (name) => schedules[name as keyof typeof schedules].options),
  ),
  clip: orNull(checkClip),
  steps: orNull(numeric('integer', atLeast(1))),
  epochs: orNull(numeric('integer', atLeast(1))),
  start: orNull(startingPoint),
  names: orNull(nameEntries),
  seed: orNull(numeric('integer', { min: 0, max: 2 ** 32 - 1 })),
  gradientMode: orNull(oneOf(gradientModes)),
  samples: orNull(numeric('integer', atLeast(1))),
  batch: orNull(numeric('integer', atLeast(1))),
  validation: orNull(text),
  earlyStopping: orNull(
    objectOf({ patience: numeric('integer', atLeast(1)), minDelta: numeric('number', atLeast(0)) }),
  ),
  tolerance: orNull(numeric('number', above(0))),
  precision: orNull(oneOf(precisions)),
  lossScale: orNull(numberOr('dynamic', numeric('number', above(0)))),
  switch: orNull(
    objectOf({
      to: orNull((value, path) =>
        typeof value === 'string'
          ? checkNamedOptimizer({ name: value }, path)
          : checkNamedOptimizer(value, path),
      ),
      at: orNull(numberOr('plateau', numeric('integer', atLeast(1)))),
      patience: orNull(numeric('integer', atLeast(1))),
    }),
  ),
  expect: orNull(
    objectOf({
      loss: numeric('number', {}),
      steps: orNull(numeric('integer', atLeast(1))),
      above: truth,
    }),
  ),
  maximize: orNull(truth),
  groups: orNull(checkGroups),
};

/** The keys of a RunConfig, for completion and for `--set`. */
export const configKeys: readonly string[] = Object.keys(checks);

/** Checks one value against its specification. */
export function checkOption(spec: OptionSpec, value: unknown, path: readonly string[]): ConfigProblem[] {
  switch (spec.kind) {
    case 'boolean':
      return truth(value, path);
    case 'choice':
      return oneOf(spec.choices)(value, path);
    case 'ascending':
      return checkAscending(spec, value, path);
    default:
      return numeric(spec.kind, spec.range)(value, path);
  }
}

function checkAscending(spec: AscendingSpec, value: unknown, path: readonly string[]): ConfigProblem[] {
  if (!Array.isArray(value) || value.length === 0)
    return [
      problem(
        path,
        'wrong-type',
        `${last(path)} must be a list of integers such as [30, 80], got ${show(value)}`,
      ),
    ];
  const problems = value.flatMap((entry) => numeric('integer', spec.range)(entry, path));
  if (problems.length > 0) return problems.slice(0, 1);
  return value.every((entry, i) => i === 0 || entry > value[i - 1])
    ? []
    : [problem(path, 'out-of-range', `${last(path)} must be in ascending order, got ${show(value)}`)];
}

function named(what: string, names: readonly string[], optionsOf: (name: string) => OptionSpecs): Check {
  return (value, path) => {
    if (!isObject(value))
      return [
        problem(
          path,
          'wrong-type',
          `${what} must be an object such as { "name": "${names[0]}" }, got ${show(value)}`,
        ),
      ];
    const { name, ...options } = value;
    if (name !== undefined && !(typeof name === 'string' && names.includes(name))) {
      const near = typeof name === 'string' ? nearest(name, names) : undefined;
      const hint = near ? `; did you mean ${near}?` : `; available: ${names.join(', ')}`;
      return [problem([...path, 'name'], 'unknown-name', `unknown ${what} ${show(name)}${hint}`, near)];
    }
    // Without a name the options belong to the one that a weaker layer names: each option must be valid for
    // at least one.
    const candidates = name === undefined ? names.map(optionsOf) : [optionsOf(name as string)];
    return Object.entries(options).flatMap(([option, given]) => {
      const at = [...path, option];
      const specs = candidates.flatMap((candidate) =>
        Object.hasOwn(candidate, option) ? candidate[option]! : [],
      );
      if (specs.length === 0) {
        const known = [...new Set(candidates.flatMap((candidate) => Object.keys(candidate)))];
        const near = nearest(option, known);
        const owner = name === undefined ? `any ${what}` : String(name);
        const hint = near ? `; did you mean ${near}?` : `; its options: ${known.join(', ') || 'none'}`;
        return [problem(at, 'unknown-option', `${show(option)} is not an option of ${owner}${hint}`, near)];
      }
      if (given === null) return [];
      const results = specs.map((spec) => checkOption(spec, given, at));
      return results.some((result) => result.length === 0) ? [] : results[0]!;
    });
  };
}

function checkGroups(value: unknown, path: readonly string[]): ConfigProblem[] {
  const example = '[{ "names": ["b"], "lr": 0.1 }] or [{ "ranges": [[0, 9]], "weightDecay": 0 }]';
  if (!Array.isArray(value) || !value.every(isObject))
    return [problem(path, 'wrong-type', `groups must be a list such as ${example}, got ${show(value)}`)];
  return value.flatMap((group: Record<string, unknown>, g) => {
    const { names, ranges, ...options } = group;
    const at = [...path, String(g)];
    if (names === undefined && ranges === undefined)
      return [
        problem(at, 'missing', 'a group needs names or indices of parameters, as in @group a b 4..9 lr=0.1'),
      ];
    if (Object.keys(options).length === 0)
      return [problem(at, 'missing', 'a group needs an option that differs, as in @group b lr=0.1')];
    return [
      ...(names === undefined ? [] : strings(names, [...at, 'names'])),
      ...(ranges === undefined ? [] : checkRanges(ranges, [...at, 'ranges'])),
      ...('name' in options || 'own' in options
        ? [problem(at, 'unknown-option', 'a group has the optimizer of the run: remove its name')]
        : checkNamedOptimizer(options, at)),
    ];
  });
}

function checkRanges(value: unknown, path: readonly string[]): ConfigProblem[] {
  const isRange = (range: unknown) =>
    Array.isArray(range) &&
    range.length === 2 &&
    range.every((end) => Number.isSafeInteger(end) && end >= 0) &&
    range[0] <= range[1];
  return Array.isArray(value) && value.every(isRange)
    ? []
    : [
        problem(
          path,
          'wrong-type',
          `a range must have a first and a last index, such as 0..9 or [0, 9], got ${show(value)}`,
        ),
      ];
}

function checkClip(value: unknown, path: readonly string[]): ConfigProblem[] {
  if (!isObject(value)) return [problem(path, 'wrong-type', 'clip must be { "norm": n } or { "value": v }')];
  const problems = checkKeys(
    value,
    path,
    { norm: orNull(numeric('number', above(0))), value: orNull(numeric('number', above(0))) },
    'option',
  );
  if (problems.length > 0) return problems;
  if (value.norm != null && value.value != null)
    return [problem([...path, 'value'], 'wrong-type', 'clip has both norm and value; set only one of them')];
  return [];
}

function checkKeys(
  value: Record<string, unknown>,
  path: readonly string[],
  known: Readonly<Record<string, Check>>,
  what: 'key' | 'option',
): ConfigProblem[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, key];
    const check = Object.hasOwn(known, key) ? known[key] : undefined;
    if (check) return check(inner, at);
    const near = nearest(key, Object.keys(known));
    const hint = near ? `; did you mean ${near}?` : `; available: ${Object.keys(known).join(', ')}`;
    const code = what === 'key' ? 'unknown-key' : 'unknown-option';
    return [problem(at, code, `unknown ${what} ${show(key)}${hint}`, near)];
  });
}

function objectOf(known: Readonly<Record<string, Check>>): Check {
  return (value, path) =>
    isObject(value)
      ? checkKeys(value, path, known, 'option')
      : [
          problem(
            path,
            'wrong-type',
            `${last(path)} must be an object with ${Object.keys(known).join(', ')}`,
          ),
        ];
}

function orNull(check: Check): Check {
  return (value, path) => (value === null ? [] : check(value, path));
}

function numeric(kind: 'number' | 'integer', range: Range): Check {
  return (value, path) => {
    const name = last(path);
    const article = kind === 'integer' ? 'an integer' : 'a number';
    if (
      typeof value !== 'number' ||
      (kind === 'integer' && Number.isFinite(value) && !Number.isInteger(value))
    )
      return [problem(path, 'wrong-type', `${name} must be ${article}, got ${show(value)}`)];
    if (isInRange(value, range)) return [];
    return [problem(path, 'out-of-range', `${name} must be ${describeBounds(range)}, got ${value}`)];
  };
}

function numberOr(word: string, check: Check): Check {
  return (value, path) => {
    if (value === word) return [];
    if (typeof value === 'number') return check(value, path);
    return [problem(path, 'wrong-type', `${last(path)} must be a number or ${word}, got ${show(value)}`)];
  };
}

function oneOf(names: readonly string[]): Check {
  return (value, path) => {
    if (typeof value === 'string' && names.includes(value)) return [];
    const near = typeof value === 'string' ? nearest(value, names) : undefined;
    const hint = near ? `; did you mean ${near}?` : '';
    return [
      problem(
        path,
        'unknown-name',
        `${last(path)} must be one of ${names.join(', ')}; got ${show(value)}${hint}`,
        near,
      ),
    ];
  };
}

function startingPoint(value: unknown, path: readonly string[]): ConfigProblem[] {
  if (!isObject(value)) return numbers(value, path);
  const entries = Object.entries(value);
  const odd = entries.find(([name, each]) => !Number.isFinite(each) || name === '__proto__');
  if (odd)
    return [
      problem(
        [...path, odd[0]],
        'wrong-type',
        `the start of ${odd[0]} must be a finite number, got ${show(odd[1])}`,
      ),
    ];
  return entries.length > 0
    ? []
    : [problem(path, 'wrong-type', `${last(path)} must have a number for each name, as in { "a": 0 }`)];
}

function numbers(value: unknown, path: readonly string[]): ConfigProblem[] {
  return Array.isArray(value) && value.length > 0 && value.every((x) => Number.isFinite(x))
    ? []
    : [
        problem(
          path,
          'wrong-type',
          `${last(path)} must be a list of finite numbers such as [-1.2, 1], got ${show(value)}`,
        ),
      ];
}

function strings(value: unknown, path: readonly string[]): ConfigProblem[] {
  return Array.isArray(value) && value.every((x) => typeof x === 'string')
    ? []
    : [problem(path, 'wrong-type', `${last(path)} must be a list of names, got ${show(value)}`)];
}

/** Names of coordinates, which may have ranges: `w1[0..63]`. */
function nameEntries(value: unknown, path: readonly string[]): ConfigProblem[] {
  const problems = strings(value, path);
  if (problems.length > 0) return problems;
  return (value as readonly string[]).flatMap((text, i) => {
    const entry = readEntry(text);
    if (!('problem' in entry)) return [];
    const suggestion = entry.replacement === undefined ? {} : { suggestion: entry.replacement };
    return [{ ...problem([...path, String(i)], 'out-of-range', entry.problem), ...suggestion }];
  });
}

function truth(value: unknown, path: readonly string[]): ConfigProblem[] {
  return typeof value === 'boolean'
    ? []
    : [problem(path, 'wrong-type', `${last(path)} must be true or false, got ${show(value)}`)];
}

function text(value: unknown, path: readonly string[]): ConfigProblem[] {
  return typeof value === 'string' && value !== ''
    ? []
    : [problem(path, 'wrong-type', `${last(path)} must be a name, got ${show(value)}`)];
}

function problem(
  path: readonly string[],
  code: ConfigProblem['code'],
  message: string,
  suggestion?: string,
): ConfigProblem {
  return suggestion === undefined ? { path, code, message } : { path, code, message, suggestion };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function last(path: readonly string[]): string {
  return path[path.length - 1] ?? 'configuration';
}

/** The value as the user wrote it, shortened to 60 characters. */
function show(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
