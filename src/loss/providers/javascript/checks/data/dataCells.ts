import type { ShownVariable } from '../../../../../autodiff/runtime/api';

/** What is wrong with a cell: it is not a number, it is infinite, it is missing between numbers, or it is at a border of a domain. */
export type Fault = 'not-a-number' | 'missing' | 'infinite' | 'at-border';

/**
 * The cells that are examined: those that hold no finite number, or those with finite numbers at which a logarithm, a root, a quotient or
 * an inverse function of the loss may have no value.
 */
export type Suspects = 'not-finite' | 'zeros' | 'negatives' | 'ones';
export const atBorders = ['zeros', 'negatives', 'ones'] as const satisfies readonly Suspects[];

/** Whether a finite number is examined, and the number that takes its place where the data around it have no other. */
const borders: {
  readonly [S in (typeof atBorders)[number]]: { is(value: number): boolean; readonly spare: number };
} = {
  zeros: { is: (value) => value === 0, spare: 1 },
  negatives: { is: (value) => value < 0, spare: 1 },
  ones: { is: (value) => value === 1, spare: 0.5 },
};

/** A place in the data of a program that holds no finite number where one is expected, or a number at a border. */
export interface DataCell {
  /** As the source would name it: `rows[17].price`. */
  readonly name: string;
  /** The same in every instance of the program, and different for each datum. */
  readonly key: string;
  /** The place of the variable. */
  readonly site: number;
  readonly content: unknown;
  /** The value in words: "NaN", "null", "missing". */
  readonly value: string;
  readonly fault: Fault;
  /** Replaces the value by a number of its neighbourhood. Returns false if it cannot be replaced. */
  repair(): boolean;
  /** Writes the original value again. */
  restore(): void;
}

/** A place that can be read and written. */
interface Slot {
  read(): unknown;
  write(value: unknown): boolean;
}

const deepest = 8;
/** The maximum number of values that are examined in one scan. */
const mostValues = 2_000_000;
const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** All cells of the variables that are suspected, in the order of the variables and of their elements. */
export function dataCells(
  variables: readonly ShownVariable[],
  suspects: Suspects = 'not-finite',
): DataCell[] {
  const scan = new Scan(suspects);
  for (const [name, site, read, assign] of variables) {
    let value: unknown;
    try {
      value = read();
    } catch {
      // Not initialized yet, or the import was removed.
      continue;
    }
    scan.visit(value, name, site, {
      read,
      write: (next) => {
        assign?.(next);
        return assign !== undefined;
      },
    });
  }
  return scan.cells;
}

class Scan {
  readonly cells: DataCell[] = [];
  readonly #seen = new Set<object>();
  readonly #border: { is(value: number): boolean; readonly spare: number } | null;
  #count = 0;

  constructor(suspects: Suspects) {
    this.#border = suspects === 'not-finite' ? null : borders[suspects];
  }

  #isSuspect(value: number): boolean {
    return this.#border ? this.#border.is(value) : !Number.isFinite(value);
  }

  /** A number of a list that may take the place of a suspected one. */
  #spareOf(list: { find(is: (each: unknown) => boolean): unknown }): number | undefined {
    return list.find((each) => Number.isFinite(each) && !this.#border?.is(each as number)) as
      | number
      | undefined;
  }

  get #usualSpare(): number {
    return this.#border?.spare ?? 1;
  }

  visit(value: unknown, name: string, site: number, slot: Slot, depth = 0): void {
    if (this.#count++ > mostValues) return;
    if (typeof value === 'number') {
      if (this.#isSuspect(value)) this.#add(name, site, slot, value, this.#usualSpare);
      return;
    }
    const isObject = typeof value === 'object' || typeof value === 'function';
    if (!isObject || value === null || depth > deepest || this.#seen.has(value)) return;
    this.#seen.add(value);
    if (value instanceof Float64Array || value instanceof Float32Array)
      this.#numbers(value, name, site, slot);
    else if (Array.isArray(value)) this.#list(value, name, site, slot, depth);
    else if (value instanceof Map) this.#map(value, name, site, depth);
    else if (!ArrayBuffer.isView(value)) this.#members(value, name, site, slot, depth);
  }

  #numbers(list: Float64Array | Float32Array, name: string, site: number, slot: Slot): void {
    const spare = this.#spareOf(list) ?? this.#usualSpare;
    list.forEach((value, i) => {
      if (this.#isSuspect(value)) this.#add(`${name}[${i}]`, site, elementOf(slot, i), value, spare);
    });
  }

  #list(list: unknown[], name: string, site: number, slot: Slot, depth: number): void {
    const spare = this.#spareOf(list);
    const columns = new Columns(list);
    for (let i = 0; i < list.length; i++) {
      const value = list[i];
      const at = `${name}[${i}]`;
      const own = elementOf(slot, i);
      if (isAbsent(value)) {
        if (spare !== undefined && !this.#border) this.#add(at, site, own, value, spare, i in list);
        continue;
      }
      if (typeof value === 'number' && this.#isSuspect(value)) {
        this.#add(at, site, own, value, spare ?? this.#usualSpare);
        continue;
      }
      for (const [key, number] of this.#border ? [] : columns.of(value)) {
        const property = Object.getOwnPropertyDescriptor(value as object, key);
        const isAccessor = property !== undefined && !('value' in property);
        if (!isAccessor && isAbsent(property?.value))
          this.#add(
            memberName(at, key, value as object),
            site,
            elementOf(own, key),
            property?.value,
            number,
            property !== undefined,
          );
      }
      this.visit(value, at, site, own, depth + 1);
    }
  }

  #map(map: Map<unknown, unknown>, name: string, site: number, depth: number): void {
    const spare = this.#spareOf([...map.values()]);
    for (const [key, value] of map) {
      if (typeof key !== 'string' && typeof key !== 'number') continue;
      const at = `${name}.get(${JSON.stringify(key)})`;
      const slot: Slot = { read: () => map.get(key), write: (next) => map.set(key, next) === map };
      if (isAbsent(value)) {
        if (spare !== undefined && !this.#border) this.#add(at, site, slot, value, spare);
      } else if (typeof value === 'number' && this.#isSuspect(value))
        this.#add(at, site, slot, value, spare ?? this.#usualSpare);
      else this.visit(value, at, site, slot, depth + 1);
    }
  }

  #members(object: object, name: string, site: number, slot: Slot, depth: number): void {
    for (const key of membersOf(object)) {
      // A getter is code of the user.
      const property = Object.getOwnPropertyDescriptor(object, key);
      if (property && 'value' in property)
        this.visit(property.value, memberName(name, key, object), site, elementOf(slot, key), depth + 1);
    }
  }

  #add(name: string, site: number, slot: Slot, value: unknown, spare: number, exists = true): void {
    this.cells.push({
      name,
      key: `${site} ${name}`,
      site,
      content: value,
      value: exists ? wordsOf(value) : 'missing',
      fault: faultOf(value),
      repair: () => slot.write(spare),
      restore: () => {
        slot.write(exists ? value : removed);
      },
    });
  }
}

function faultOf(value: unknown): Fault {
  if (typeof value !== 'number') return 'missing';
  if (Number.isNaN(value)) return 'not-a-number';
  return Number.isFinite(value) ? 'at-border' : 'infinite';
}

/** Written to a slot that had no property. */
const removed = Symbol('removed');

/** An element of the object in `parent`. If the object is frozen, a copy with the element takes its place. */
function elementOf(parent: Slot, key: number | string): Slot {
  return {
    read: () => (parent.read() as Record<string, unknown>)[key],
    write(value) {
      const holder = parent.read() as object;
      if (set(holder, key, value)) return true;
      const copy = Array.isArray(holder)
        ? holder.slice()
        : Object.assign(Object.create(Object.getPrototypeOf(holder)), holder);
      return set(copy, key, value) && parent.write(copy);
    },
  };
}

function set(holder: object, key: PropertyKey, value: unknown): boolean {
  return value === removed ? Reflect.deleteProperty(holder, key) : Reflect.set(holder, key, value);
}

/** The members that are finite numbers in one of the records of a list, or one of its rows, with such a number. */
class Columns {
  readonly #records = new Map<string, number>();
  readonly #rows = new Map<string, number>();

  constructor(list: readonly unknown[]) {
    for (const each of list) {
      const columns = this.#columnsFor(each);
      if (!columns) continue;
      for (const [key, { value, enumerable }] of Object.entries(Object.getOwnPropertyDescriptors(each)))
        if (enumerable && Number.isFinite(value) && !columns.has(key)) columns.set(key, value);
    }
  }

  /** What a record or row should have. A row with numbers of its own is examined as a list. */
  of(value: unknown): Iterable<[string, number]> {
    if (Array.isArray(value) && value.some((each) => Number.isFinite(each))) return [];
    return this.#columnsFor(value) ?? [];
  }

  #columnsFor(value: unknown): Map<string, number> | null {
    if (typeof value !== 'object' || value === null) return null;
    if (Array.isArray(value)) return this.#rows;
    return [Object.prototype, null].includes(Object.getPrototypeOf(value)) ? this.#records : null;
  }
}

/** Whether a value between numbers takes the place of a number: nothing, or a text that is no number. */
function isAbsent(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'string' && (value.trim() === '' || Number.isNaN(Number(value)));
}

/** The namespace of a module has its default export last: JSON has the same values as other exports. */
function membersOf(object: object): string[] {
  const keys = Object.keys(object);
  if (Object.prototype.toString.call(object) !== '[object Module]') return keys;
  return [...keys.filter((key) => key !== 'default'), ...keys.filter((key) => key === 'default')];
}

function memberName(name: string, key: string, object: object): string {
  if (Array.isArray(object)) return `${name}[${key}]`;
  return identifier.test(key) ? `${name}.${key}` : `${name}[${JSON.stringify(key)}]`;
}

function wordsOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string')
    return value === '' ? 'an empty text' : `the text ${JSON.stringify(value.slice(0, 20))}`;
  return value === Number.POSITIVE_INFINITY ? '∞' : value === Number.NEGATIVE_INFINITY ? '-∞' : String(value);
}
