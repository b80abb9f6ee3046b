import { Refusal } from '../../../autodiff/refusal';
import { rules } from '../../../autodiff/rules';
import { math } from '../../../autodiff/runtime/math';
import { isPromise, type MaybePromise, type Objective } from '../../../core/objective';
import type { SourceLocation } from '../../../core/sourceLocation';
import { LineMap } from '../../places/lineMap';
import type { SourceBase } from '../../source';

/** Math, and what stands in its place in rewritten code, as they were before any of the user's code ran. */
const originals = [Math, math].map((object) => ({
  object: object as unknown as Record<string, unknown>,
  properties: Object.getOwnPropertyDescriptors(object) as Record<string, PropertyDescriptor>,
}));
const differentiated = Object.keys(rules).filter((name) => Object.hasOwn(Math, name));

/**
 * Undoes what an earlier load of a program did to Math: the program that is loaded next would otherwise find its own
 * functions there and, where it wraps what it finds, wrap them twice.
 */
export function restoreMath(): void {
  for (const { object, properties } of originals)
    try {
      Object.defineProperties(object, properties);
    } catch {
      // Frozen by the program. Then it cannot be changed again either.
    }
}

/** The name of a function of Math that the program has replaced and whose derivative is therefore not known; null if none. */
export function replacedMath(): string | null {
  for (const { object, properties } of originals)
    for (const name of differentiated) if (object[name] !== properties[name]!.value) return name;
  return null;
}

export function replacedMathMessage(name: string): string {
  return `Math.${name} was replaced by the program, so its derivative is not known`;
}

/** Where the texts of a program assign to a function of Math; null if that is not in sight. */
export function placeOfReplacement(name: string, texts: SourceBase['texts']): SourceLocation | null {
  const assignment = new RegExp(`\\bMath\\s*\\.\\s*${name}\\b(?=\\s*=[^=>])`);
  for (const [file, text] of texts) {
    const found = assignment.exec(text);
    if (found) return new LineMap(file, text).location(found.index, found.index + found[0].length);
  }
  return null;
}

/** The evaluations between two looks, once there were as many: a look costs about as much as a small loss. */
const looksEvery = 64;

/** An exact objective that refuses once the program has replaced a function of Math while it ran. */
export function whileMathIsNative(exact: Objective): Objective {
  let evaluations = 0;
  const looked = (result: number): number => {
    evaluations++;
    const isDue = evaluations % looksEvery === 0 || (evaluations & (evaluations - 1)) === 0;
    const name = isDue ? replacedMath() : null;
    if (name !== null) throw new Refusal('foreign-call', replacedMathMessage(name));
    return result;
  };
  const checked = (result: MaybePromise<number>) =>
    isPromise(result) ? result.then(looked) : looked(result);
  return {
    dim: exact.dim,
    get gradientMode() {
      return exact.gradientMode;
    },
    value: (params, open) => checked(exact.value(params, open)),
    valueAndGradient: (params, grad, open) => checked(exact.valueAndGradient(params, grad, open)),
  };
}
