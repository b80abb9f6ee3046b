import { type Conflict, type Origin, rootOf, type Shape } from '../shapes';

/**
 * What a lowering of the whole loss found out too late, for the next one. Variables and cells are plain values,
 * and cells are never changed, until the opposite is found.
 */
export class Hints {
  readonly #references = new Map<Origin, Set<string>>();
  readonly #changed = new Map<Origin, Set<string>>();
  readonly #fields = new Map<Origin, Set<string>>();
  /** How many facts it contains; a lowering is repeated if it found new ones. */
  size = 0;

  /** Whether a variable (no key), or a cell of the objects made there, holds objects. */
  isReference(origin: Origin, key = ''): boolean {
    return this.#references.get(origin)?.has(key) ?? false;
  }

  isChanged(shape: Shape, key: string): boolean {
    return [...rootOf(shape).origins].some((origin) => this.#changed.get(origin)?.has(key) ?? false);
  }

  /** Fields that the records made there get elsewhere. */
  fieldsOf(origin: Origin): Iterable<string> {
    return this.#fields.get(origin) ?? [];
  }

  addFields(shape: Shape): void {
    const { origins, cells } = rootOf(shape);
    for (const origin of origins) for (const key of cells.keys()) this.#add(this.#fields, origin, key);
  }

  addReference(origin: Origin, key = ''): void {
    this.#add(this.#references, origin, key);
  }

  addChanged(shape: Shape, key: string): void {
    for (const origin of rootOf(shape).origins) this.#add(this.#changed, origin, key);
  }

  addConflict(conflict: Extract<Conflict, { type: 'content' }>): void {
    for (const origin of conflict.origins) this.addReference(origin, conflict.key);
  }

  #add(facts: Map<Origin, Set<string>>, origin: Origin, key: string): void {
    const known = facts.get(origin) ?? new Set();
    facts.set(origin, known);
    if (known.has(key)) return;
    known.add(key);
    this.size++;
  }
}
