import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import v8 from 'node:v8';

type Members = ReadonlyMap<PropertyKey, unknown>;

const roots: readonly object[] = [
  ...[Object, Function, Array, String, Number, Boolean, Symbol, RegExp],
  ...[Map, Set, WeakMap, WeakSet, WeakRef, Promise, Uint8Array, Int32Array, Buffer, URL],
].flatMap((each) => [each, each.prototype]);
const others: readonly object[] = [
  ...[JSON, Reflect, crypto, fs, path, v8],
  ...[[].values(), ''.matchAll(/x/g), ''[Symbol.iterator](), new Map().values(), new Set().values()].map(
    (each) => Object.getPrototypeOf(each),
  ),
  Object.getPrototypeOf(Uint8Array.prototype),
];
const before: readonly (readonly [object, Members])[] = [...roots, ...others].map((each) => [
  each,
  membersOf(each),
]);

/**
 * Whether the objects of the engine that linking uses are those with which this thread began. The user's code and packages
 * may replace them. A result that is kept for other programs must not depend on that.
 */
export function isEngineIntact(): boolean {
  return before.every(([object, members]) => {
    const now = membersOf(object);
    return now.size === members.size && [...now].every(([key, value]) => Object.is(members.get(key), value));
  });
}

function membersOf(object: object): Members {
  return new Map(
    Reflect.ownKeys(object).map((key) => {
      const { value, get } = Reflect.getOwnPropertyDescriptor(object, key)!;
      return [key, get ?? value];
    }),
  );
}
