// Imported first: packages and the runtime keep the functions that they find when they are loaded.
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { types } from 'node:util';
import { type Random, seededRandom } from '../../../src/core/numerics/random';

const state: { random: Random } = { random: seededRandom(0) };

/** Starts the numbers of `Math.random` anew, so that both copies of a package draw the same ones. */
export function seedMathRandom(...words: readonly number[]): void {
  state.random = seededRandom(...words);
}

const webcrypto = globalThis.crypto;
const now = Date.UTC(2024, 1, 29, 12, 34, 56, 789);

const StoppedDate: DateConstructor = new Proxy(Date, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now] : args, newTarget),
  apply: (target) => new target(now).toString(),
  get: (target, key) => (key === 'now' ? () => now : Reflect.get(target, key)),
});

Math.random = () => state.random();
Object.defineProperty(Date.prototype, 'constructor', { value: StoppedDate });
globalThis.Date = StoppedDate;
performance.now = () => 0;
webcrypto.getRandomValues = <T extends ArrayBufferView | null>(view: T): T => {
  if (view) new Uint8Array(view.buffer, view.byteOffset, view.byteLength).fill(7);
  return view;
};
webcrypto.randomUUID = () => '00000000-0000-4000-8000-000000000000';
crypto.randomBytes = ((size: number) => Buffer.alloc(size, 7)) as typeof crypto.randomBytes;
// Callbacks would run between the calls of the two copies.
for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const)
  Object.assign(globalThis, { [name]: () => 0 });
syncBuiltinESMExports();
globalThis.fetch = () => Promise.reject(new Error('the bench has no network'));

/** The source text of a function, which a rewritten copy has not. */
export const sourceOf: (fn: object) => string = Function.prototype.call.bind(Function.prototype.toString);

// Rewriting changes the text of a function that the engine reports. Random calls convert functions to texts,
// so every function that is not native has the text of its name here.
Function.prototype.toString = function (this: object): string {
  const text = sourceOf(this);
  // A function that rewritten code makes from text is a proxy.
  if (/\{\s*\[native code\]\s*\}\s*$/.test(text) && !types.isProxy(this)) return text;
  const { name } = this as { readonly name?: unknown };
  return `${text.startsWith('class') ? 'class' : 'function'} ${typeof name === 'string' ? name : ''}() {}`;
};
