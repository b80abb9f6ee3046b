import { Refusal } from '../../../../autodiff/refusal';
import { rules } from '../../../../autodiff/rules';
import { math } from '../../../../autodiff/runtime/math';
import { isPromise, type MaybePromise, type Objective } from '../../../../core/objective';
import type { SourceLocation } from '../../../../core/sourceLocation';
import { LineMap } from '../../../places/lineMap';
import type { SourceBase } from '../../../source';

/** `Math` and its replacement in rewritten code, as they were before any of the user's code ran. */
const originals = [Math, math].map((object) => ({
  object: object as unknown as Record<string, unknown>,
  properties: Object.getOwnPropertyDescriptors(object) as Record<string, PropertyDescriptor>,
}));
const differentiated = Object.keys(rules).filter((name) => Object.hasOwn(Math, name));

/**
 * Restores the functions of Math that an earlier load of a program replaced. Without this, a program that
 * wraps a function of Math would wrap it twice if it is loaded again.
 */
export function restoreMath(): void {
  for (const { object, properties } of originals)
    try {
      Object.defineProperties(object, properties);
    } catch {
      // The program froze the object, so nothing can change it any more.
    }
}

/**
 * The name of a function of Math that the program has replaced, so its derivative is not known; null if none.
 */
export function replacedMath(): string | null {
  for (const { object, properties } of originals)
    for (const name of differentiated) if (object[name] !== properties[name]!.value) return name;
  return null;
}

export function replacedMathMessage(name: string): string {
  return `Math.${name} was replaced by the program, so its derivative is not known`;
}

/** The place where the texts of a program assign to a function of Math; null if no assignment is found. */
export function placeOfReplacement(name: string, texts: SourceBase['texts']): SourceLocation | null {
  const assignment = new RegExp(`\\bMath\\s*\\.\\s*${name}\\b(?=\\s*=[^=>])`);
  for (const [file, text] of texts) {
    const found = assignment.exec(text);
    if (found) return new LineMap(file, text).location(found.index, found.index + found[0].length);
  }
  return null;
}

/**
 * Evaluations between two checks. Earlier checks follow the evaluations 1, 2, 4, 8, 16 and 32. A check costs
 * about as much as an evaluation of a small loss.
 */
const checkEvery = 64;

/**
 * An exact objective that throws a Refusal after the program has replaced a function of Math during the run.
 */
export function whileMathIsNative(exact: Objective): Objective {
  let evaluations = 0;
  const checkMath = (result: number): number => {
    evaluations++;
    const isDue = evaluations % checkEvery === 0 || (evaluations & (evaluations - 1)) === 0;
    const name = isDue ? replacedMath() : null;
    if (name !== null) throw new Refusal('foreign-call', replacedMathMessage(name));
    return result;
  };
  const checked = (result: MaybePromise<number>) =>
    isPromise(result) ? result.then(checkMath) : checkMath(result);
  return {
    dim: exact.dim,
    get gradientMode() {
      return exact.gradientMode;
    },
    value: (params, open) => checked(exact.value(params, open)),
    valueAndGradient: (params, grad, open) => checked(exact.valueAndGradient(params, grad, open)),
  };
}
