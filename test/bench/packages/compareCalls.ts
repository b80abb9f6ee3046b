import { inspect } from 'node:util';
import { type Random, seededRandom } from '../../../src/core/numerics/random';
import { both, type Copies, type Copy } from './copies';
import { firstDifference } from './firstDifference';
import { seedMathRandom } from './fixedGlobals';
import { type Form, formsFor } from './forms';
import { Instances, kindOf } from './instances';
import { limitedCall } from './limitedCall';
import { type Exports, exportedSubjects, instanceSubjects, type Subject } from './subjects';

export interface Counts {
  functions: number;
  calls: number;
  /** Calls that threw no error. */
  completed: number;
  /** Calls whose result is a finite number, or a list or an object with one. */
  numeric: number;
  /** Names of functions of which a call did not end. */
  readonly unended: string[];
  /** The first different call of each function. */
  readonly differences: string[];
  /** Whether the time of the package was over before all functions were called. */
  isCutShort: boolean;
}

export const callsPerFunction = 24;
const mostFunctions = 4_000;
const plainLimitMs = 1_000;
/** Rewritten code takes up to 30 times as long. */
const rewrittenLimitMs = 30_000;
/** Processor time. */
const packageLimitMs = 25_000;

/**
 * Calls the functions that a package exports, and the methods of the objects that they return, with random
 * plain arguments. The two copies get the same calls in the same order, so both have the same state.
 *
 * @param skipped     the names of functions that are not called
 * @param onFunction  called before each function, because a call may end the process
 */
export function compareCalls(
  exports: Copies<Exports>,
  seed: number,
  skipped: ReadonlySet<string>,
  onFunction: (name: string) => void,
): Counts {
  const counts: Counts = {
    functions: 0,
    calls: 0,
    completed: 0,
    numeric: 0,
    unended: [],
    differences: [],
    isCutShort: false,
  };
  const instances = new Instances();
  const waiting = [...exportedSubjects(exports)];
  const known = new Set<unknown>();
  for (let next = 0; next < waiting.length && counts.functions < mostFunctions; next++) {
    const subject = waiting[next]!;
    if (known.has(subject.fn) || skipped.has(subject.name)) continue;
    known.add(subject.fn);
    if (process.cpuUsage().user > 1000 * packageLimitMs) {
      counts.isCutShort = true;
      break;
    }
    onFunction(subject.name);
    counts.functions++;
    compareFunction(subject, seed, counts, instances, (kind, first) =>
      waiting.push(...instanceSubjects(kind, first)),
    );
  }
  return counts;
}

function compareFunction(
  subject: Subject,
  seed: number,
  counts: Counts,
  instances: Instances,
  onKind: (kind: string, first: Copies) => void,
): void {
  const accepted: (readonly Form[])[] = [];
  for (let k = 0; k < callsPerFunction; k++) {
    const random = seededRandom(seed, k, ...Buffer.from(subject.name));
    const target = subject.target(instances, random);
    if (!target) return;
    const forms = formsFor(accepted, subject.fn.length, random);
    const values = forms.map((form) => form(random, instances));
    const args = both((copy) => values.map((value) => value[copy]));
    const call = (copy: Copy, limitMs: number) => {
      seedMathRandom(seed, k);
      const fn = target.fn[copy];
      return limitedCall(
        () =>
          subject.isConstructor
            ? Reflect.construct(fn, args[copy])
            : Reflect.apply(fn, target.receiver[copy], args[copy]),
        limitMs,
      );
    };
    const plain = call('plain', plainLimitMs);
    counts.calls++;
    if (plain.kind === 'unended') {
      counts.unended.push(subject.name);
      // The rewritten copy did not get this call, so copies of what it changed may differ.
      for (const each of [...values, target.receiver]) instances.drop(each);
      return;
    }
    const rewritten = call('rewritten', rewrittenLimitMs);
    const outcomes = { plain, rewritten };
    const after = both((copy) => {
      const receiver = subject.isMethod ? target.receiver[copy] : null;
      return { ...outcomes[copy], this: receiver, args: args[copy] };
    });
    const different = firstDifference(after.plain, after.rewritten);
    if (different !== null) {
      // For whoever repeats the comparison of one package by hand.
      const shown = inspect({ after: after.plain, rewritten: after.rewritten }, { depth: 3 });
      process.stderr.write(`${subject.name}, call ${k}: ${different}\n${shown}\n`);
      counts.differences.push(`${subject.name}, call ${k}, ${different.replace(/^\./, '')}`);
      for (const each of [...values, target.receiver]) instances.drop(each);
      return;
    }
    if (plain.kind === 'threw' || rewritten.kind !== 'returned') continue;
    counts.completed++;
    accepted.push(forms);
    if (hasNumber(plain.value)) {
      counts.numeric++;
      // Arguments with which a function computes something are the more useful ones.
      accepted.push(forms, forms);
    }
    keep({ plain: plain.value, rewritten: rewritten.value }, subject, instances, random, onKind);
  }
}

function keep(
  result: Copies,
  subject: Subject,
  instances: Instances,
  random: Random,
  onKind: (kind: string, first: Copies) => void,
): void {
  // A chain of functions that return functions is followed twice.
  if (subject.name.split('()').length > 2) return;
  const kind = kindOf(result.plain, subject.name);
  if (kind !== null && instances.add(kind, result, random)) onKind(kind, result);
}

function hasNumber(value: unknown, depth = 0): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null || depth > 2) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value))
    .slice(0, 20)
    .some((own) => hasNumber(own.value, depth + 1));
}
