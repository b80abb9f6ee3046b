import type { CallRule } from '../callRules/callRule';
import { refuseRule } from '../callRules/callRule';
import { isList, leavesOf, withNumbers } from '../callRules/leaves';
import { checkRule } from '../callRules/ruleCheck';
import { writtenRule } from '../callRules/writtenRule';
import { checking } from '../checking';
import { tape } from '../tape';
import { Traced } from '../traced';
import { handlesTraced, trust } from './callees';
import { holdsTraced, maximalReceiverObjects, refuseForeign } from './foreign';

type Callable = (...args: unknown[]) => unknown;

interface Known {
  readonly rule: CallRule;
  /** How often it was used. */
  calls: number;
}

let known = new WeakMap<object, Known>();
/** Rules that modules declare, until the first call after their functions have been initialized. */
let declared: (() => void)[] = [];

/** Before another program is loaded, or the same one again. */
export function forgetCallRules(): void {
  known = new WeakMap();
  declared = [];
}

/** A rule for a function. The latest one counts. */
export function setCallRule(fn: object, rule: CallRule): void {
  known.set(fn, { rule, calls: 0 });
}

/**
 * `@derivative erf` of a function dErf.
 *
 * @param functions  gives the function and its derivative; called later, since imports may not be initialized yet
 */
export function derivative(
  functions: () => readonly [unknown, unknown],
  functionName: string,
  derivativeName: string,
  site: number,
): void {
  declared.push(() => {
    const [fn, partials] = functions();
    for (const [each, name] of [
      [fn, functionName],
      [partials, derivativeName],
    ] as const)
      if (typeof each !== 'function')
        refuseRule({ site }, site, `@derivative ${functionName}: ${name} is not a function`);
    const rule = writtenRule(functionName, derivativeName, partials as Callable, site);
    const isSecond = (known.get(fn as object)?.rule.site ?? -1) >= 0;
    setCallRule(fn as object, isSecond ? ambiguous(rule) : rule);
  });
}

/** In place of two rules for one function, of which the second is given. */
function ambiguous(rule: CallRule): CallRule {
  const { functionName } = rule;
  return {
    ...rule,
    record: (call) =>
      refuseRule(rule, call.site, `there are two functions with @derivative ${functionName}; remove one`),
  };
}

function ruleOf(fn: unknown): Known | undefined {
  // Without traced parameters there are no traced values: a module is loaded, or the plain value is computed.
  if (tape.length === 0 || typeof fn !== 'function') return undefined;
  while (declared.length > 0) declared.shift()!();
  return known.get(fn);
}

/** What is called in place of a function: if it has a rule, a function that applies the rule. */
export function callee(fn: unknown, site: number): unknown {
  const found = ruleOf(fn);
  return found ? applying(found, fn as Callable, undefined, site) : fn;
}

/** The same for a function that the engine calls, as `map` does, with more arguments than the function declares. */
export function calledByEngine(fn: unknown, site: number): unknown {
  const found = ruleOf(fn);
  return found ? applying(found, fn as Callable, undefined, site, (fn as Callable).length) : fn;
}

/** The object whose method is called. If the method has a rule, an object with a method that applies the rule. */
export function receiver(object: unknown, key: PropertyKey, site: number): unknown {
  if ((typeof object !== 'object' && typeof object !== 'function') || object === null) return object;
  if (object instanceof Traced) return object;
  const fn: unknown = (object as Record<PropertyKey, unknown>)[key];
  const found = ruleOf(fn);
  return found ? { [key]: applying(found, fn as Callable, object, site) } : object;
}

function applying(
  found: Known,
  fn: Callable,
  self: unknown,
  site: number,
  needed = Number.POSITIVE_INFINITY,
): Callable {
  const apply = (...args: unknown[]) => applied(found, fn, self, args, site, needed);
  trust(apply);
  return apply;
}

/** @param needed  the number of arguments of which derivatives are needed */
function applied(
  found: Known,
  fn: Callable,
  self: unknown,
  args: unknown[],
  site: number,
  needed: number,
): unknown {
  const { rule } = found;
  const call = (plain: readonly unknown[]) => Reflect.apply(fn, self, plain);
  if (!args.some((each) => holdsTraced(each))) return call(args);
  const hasObjects = leavesOf(args).some((leaf) => !(leaf instanceof Traced) && holdsTraced(leaf));
  if (hasObjects || !rule.covers(args))
    return handlesTraced(fn) ? call(args) : refuseForeign(fn, rule.functionName, site);
  if (holdsTraced(self, maximalReceiverObjects, false))
    refuseRule(
      rule,
      site,
      `the object whose method ${rule.functionName} is called holds values that depend on the parameters, so ${rule.title} is not complete`,
    );
  const plain = args.map((each) => withNumbers(each));
  const value = call(plain);
  const isChanged = args.some((each, i) => isList(each) && !hasNumbers(each, plain[i]));
  if (isChanged)
    refuseRule(
      rule,
      site,
      `${rule.functionName} changes its arguments, which ${rule.title} does not describe`,
    );
  const firstNode = tape.length;
  const result = rule.record({ args, plain, value, needed, site });
  found.calls++;
  if (!checking.on && isDue(found.calls)) checkRule(rule, { args, result, firstNode, site, call });
  return result;
}

/** The first calls, and later ones less and less often. */
function isDue(calls: number): boolean {
  return calls <= 3 || Number.isInteger(Math.log10(calls));
}

function hasNumbers(argument: unknown, plain: unknown): boolean {
  const numbers = leavesOf(withNumbers(argument));
  const after = leavesOf(plain);
  return numbers.length === after.length && numbers.every((each, i) => Object.is(each, after[i]));
}
