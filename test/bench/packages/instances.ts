import type { Random } from '../../../src/core/numerics/random';
import type { Copies } from './copies';

/** How many instances of one kind are kept. */
const mostOfKind = 6;

/** Prototypes whose objects are no instances of a package. */
const nativePrototypes = new Set<unknown>([
  null,
  Object.prototype,
  Function.prototype,
  ...Object.getOwnPropertyNames(globalThis)
    .filter((name) => name !== 'localStorage' && name !== 'sessionStorage')
    .map((name) => (globalThis as Record<string, unknown>)[name])
    .map((value) => (typeof value === 'function' ? value.prototype : null)),
]);

/** The objects and functions that calls returned, by kind: receivers and arguments of further calls. */
export class Instances {
  readonly #byKind = new Map<string, Copies[]>();

  /** @returns whether it is the first one of its kind */
  add(kind: string, instance: Copies, random: Random): boolean {
    const own = this.#byKind.get(kind);
    if (!own) this.#byKind.set(kind, [instance]);
    else if (own.length < mostOfKind) own.push(instance);
    else own[Math.floor(random() * own.length)] = instance;
    return !own;
  }

  any(random: Random): Copies | null {
    const kinds = [...this.#byKind.keys()];
    return kinds.length === 0 ? null : this.ofKind(kinds[Math.floor(random() * kinds.length)]!, random);
  }

  ofKind(kind: string, random: Random): Copies | null {
    const own = this.#byKind.get(kind) ?? [];
    return own[Math.floor(random() * own.length)] ?? null;
  }

  /** Drops an instance whose copies may differ. */
  drop(instance: Copies): void {
    for (const own of this.#byKind.values()) {
      const at = own.indexOf(instance);
      if (at >= 0) own.splice(at, 1);
    }
  }
}

/**
 * The kind of a returned value, if it has methods or can be called: the name of its class, or the function
 * that returned it.
 */
export function kindOf(value: unknown, producer: string): string | null {
  if (typeof value === 'function') return `${producer}()`;
  if (typeof value !== 'object' || value === null) return null;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!nativePrototypes.has(prototype)) return value.constructor?.name || `${producer}()`;
  const isPlain = prototype === null || prototype === Object.prototype;
  return isPlain && methodNames(value).length > 0 ? `${producer}()` : null;
}

/** The names of the methods of an object, inherited ones too, except those of native prototypes. */
export function methodNames(value: object): string[] {
  const names = new Set<string>();
  for (let owner: object | null = value; owner && !nativePrototypes.has(owner); ) {
    for (const [name, { value: own }] of Object.entries(Object.getOwnPropertyDescriptors(owner)))
      if (typeof own === 'function' && name !== 'constructor' && name !== 'prototype') names.add(name);
    owner = Object.getPrototypeOf(owner) as object | null;
  }
  return [...names].sort();
}
