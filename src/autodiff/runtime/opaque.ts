import { poison, Refusal, refuse } from '../refusal';
import { noSite } from '../sites';
import { tape } from '../tape';
import { distrust } from './callees';
import { callback } from './foreign';
import { standingInFor } from './standIn';

const ofEval = 'code in eval cannot be differentiated; write it as ordinary code';
const ofWith = '`with` hides which names are meant, so its body cannot be differentiated; name the object';

/** Whether the evaluation that is running has traced parameters. While a module is loaded, there is none. */
function isTracing(): boolean {
  return tape.length > 0;
}

/**
 * The code of a direct `eval`, which can read and write all names that are visible there.
 *
 * @throws Refusal while traced values exist. Functions that it makes before are not instrumented, so all evaluations
 *   are refused then.
 */
export function evaluated(code: unknown, site: number): unknown {
  if (isTracing()) refuse('opaque-code', ofEval, site);
  if (typeof code === 'string' && makesFunctions(code)) refuseLater(ofEval, site);
  return code;
}

/** The object of a `with`, whose body is not rewritten. `makes`: whether the body contains functions. */
export function within(object: unknown, makes: boolean, site: number): unknown {
  if (isTracing()) refuse('opaque-code', ofWith, site);
  if (makes) refuseLater(ofWith, site);
  return object;
}

/** The result of an expression that cannot be rewritten. */
export function refused(value: unknown, message: string, site: number): unknown {
  if (isTracing()) refuse('opaque-code', message, site);
  return value;
}

/** Called by another name than `eval`, its code sees only global names. */
const nativeEval = Reflect.get(globalThis, 'eval') as (code: unknown) => unknown;

/** Indirect `eval`. Functions that it returns are not instrumented. */
export const indirectEval = standingInFor(nativeEval, (code: unknown): unknown => {
  const result = nativeEval(code);
  if (typeof result === 'function') {
    distrust(result);
    return callback(result, noSite);
  }
  if (typeof code === 'string' && makesFunctions(code)) {
    if (isTracing()) refuse('opaque-code', ofEval);
    refuseLater(ofEval, noSite);
  }
  return result;
});

/** `Function` by another name: `const make = Function`, which is called with or without `new`. */
export const functionMaker = standingInFor(Function, function (this: unknown, ...code: string[]): unknown {
  return callback(Reflect.construct(Function, code, new.target ?? Function), noSite);
});

function makesFunctions(code: string): boolean {
  return /=>|\b(?:function|class|Function|get|set|async)\b/.test(code);
}

function refuseLater(message: string, site: number): void {
  poison.lasting ??= new Refusal('opaque-code', message, site);
}
