/** The published texts of the instrumented modules of all loaded programs. */
const publishedTexts: string[] = [];
const known = new WeakMap<object, boolean>();
/** The answers by source text: a closure that is made again in every evaluation has the same text. */
const knownTexts = new Map<string, boolean>();
const maximalTexts = 10_000;
/** Objects whose functions are part of the runtime; each is searched at the first question after it was added. */
const runtimeObjects: object[] = [];

/** Functions whose text is in one of these texts are instrumented. */
export function trustTexts(texts: Iterable<string>): void {
  publishedTexts.push(...texts);
  knownTexts.clear();
}

/** The functions of this object, of its members and of their prototypes accept traced values. */
export function trustFunctionsOf(object: object): void {
  runtimeObjects.push(object);
}

/**
 * Whether a function handles traced values: it is instrumented, or part of the runtime, or a function of the
 * engine, which converts its operands and so refuses traced ones. The source text that the engine reports of
 * a function is exactly the published text.
 */
export function handlesTraced(fn: object): boolean {
  while (runtimeObjects.length > 0) trustAll(runtimeObjects.pop()!);
  const before = known.get(fn);
  if (before !== undefined) return before;
  const is = isTextTrusted(Function.prototype.toString.call(fn));
  known.set(fn, is);
  return is;
}

/** A function of the runtime that was created for one call or one callee. */
export function trust(fn: object): void {
  known.set(fn, true);
}

/** A function that is not instrumented, although its text may be in a string of an instrumented module. */
export function distrust(fn: object): void {
  known.set(fn, false);
}

const engineText = /\{\s*\[native code\]\s*\}\s*$/;

function isTextTrusted(text: string): boolean {
  const before = knownTexts.get(text);
  if (before !== undefined) return before;
  const is = engineText.test(text) || publishedTexts.some((each) => each.includes(text));
  if (knownTexts.size >= maximalTexts) knownTexts.clear();
  knownTexts.set(text, is);
  return is;
}

function trustAll(root: object): void {
  const seen = new Set<object>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
      continue;
    seen.add(value);
    if (typeof value === 'function') known.set(value, true);
    open.push(Object.getPrototypeOf(value));
    for (const own of Object.values(Object.getOwnPropertyDescriptors(value)))
      open.push(own.value, own.get, own.set);
  }
}
