import type { Random } from '../../../src/core/numerics/random';
import { both, type Copies, type Copy } from './copies';
import { sourceOf } from './fixedGlobals';
import { type Instances, methodNames } from './instances';

export type Exports = Readonly<Record<string, unknown>>;
export type Fn = (...args: unknown[]) => unknown;

/** What is called: a function with its `this` value. */
interface Target {
  readonly fn: Copies<Fn>;
  readonly receiver: Copies;
}

/** A function or method of a package that the bench calls. */
export interface Subject {
  readonly name: string;
  /** The function of the package as it is, or that of the first instance. */
  readonly fn: Fn;
  readonly isConstructor: boolean;
  /** Whether `this` is an instance, and not the module or a class. */
  readonly isMethod: boolean;
  /** @returns null if there is no instance to call */
  target(instances: Instances, random: Random): Target | null;
}

/** The functions at the top level and in objects there, with the rewritten function at the same place. */
export function* exportedSubjects(own: Copies<Exports>, prefix = ''): Generator<Subject> {
  if (areFunctions(own))
    yield exported(
      'default',
      own,
      both(() => undefined),
    );
  for (const key of Object.keys(own.plain)) {
    const value = both((copy) => own[copy][key]);
    const name = prefix + key;
    if (key === '__esModule' || key === 'prototype') continue;
    if (areFunctions(value)) {
      yield exported(name, value, own);
      for (const member of Object.keys(value.plain)) {
        const inner = both((copy) => (value[copy] as unknown as Exports)[member]);
        if (areFunctions(inner)) yield exported(`${name}.${member}`, inner, value);
      }
    } else if (prefix === '' && areObjects(value)) yield* exportedSubjects(value, `${name}.`);
  }
}

/** The methods of the instances of a kind, and the instances themselves if they are functions. */
export function* instanceSubjects(kind: string, first: Copies): Generator<Subject> {
  const ofKind = (fn: Fn, name: string, target: (instance: Copies) => Target | null): Subject => ({
    name,
    fn,
    isConstructor: false,
    isMethod: true,
    target: (instances, random) => {
      const instance = instances.ofKind(kind, random);
      return instance && target(instance);
    },
  });
  if (areFunctions(first))
    yield ofKind(first.plain, kind, (fn) =>
      areFunctions(fn) ? { fn, receiver: both(() => undefined) } : null,
    );
  for (const key of methodNames(first.plain as object)) {
    const member = (instance: Copies) => both((copy: Copy) => (instance[copy] as Exports)[key]);
    const own = member(first);
    if (!areFunctions(own)) continue;
    yield ofKind(own.plain, `${kind}#${key}`, (receiver) => {
      const fn = member(receiver);
      return areFunctions(fn) ? { fn, receiver } : null;
    });
  }
}

function exported(name: string, fn: Copies<Fn>, receiver: Copies): Subject {
  const target = () => ({ fn, receiver });
  return { name, fn: fn.plain, isConstructor: isConstructor(fn.plain), isMethod: false, target };
}

/** A function with a capital and methods is a class of an older style. */
function isConstructor(fn: Fn): boolean {
  if (/^class\b/.test(sourceOf(fn))) return true;
  const prototype: unknown = fn.prototype;
  return /^[A-Z]/.test(fn.name) && typeof prototype === 'object' && prototype !== null
    ? Object.getOwnPropertyNames(prototype).length > 1
    : false;
}

/** Functions of the engine that a package exports are not its code. */
function areFunctions(value: Copies): value is Copies<Fn> {
  const { plain, rewritten } = value;
  return typeof plain === 'function' && typeof rewritten === 'function' && !isNative.test(sourceOf(plain));
}

const isNative = /\{\s*\[native code\]\s*\}\s*$/;

function areObjects(value: Copies): value is Copies<Exports> {
  return isNamespace(value.plain) && isNamespace(value.rewritten);
}

function isNamespace(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
