import { contentsOf, isNothing, type Slot, type Store, type Temp } from '../ir';
import { cellOf, elements, hasShadow, isShadowed, rootOf } from '../shapes';
import type { Adoption } from './adoption';
import { keyText, type Names } from './expressions';
import type { Lines } from './lines';

/**
 * Emits the objects that hold the adjoints (reverse mode) or tangents (forward mode) of the numbers in an object.
 * They have its structure, and are made, read and stored with it. So the adjoint of an element is found where the
 * element is, whatever names the object has. Every second object of a loss without derivatives has none.
 */
export class Shadows {
  readonly #names: Names;
  readonly #lines: Lines;
  readonly #adoption: Adoption;
  /** One for adjoints; one for each parameter for tangents. */
  readonly #suffixes: readonly string[];
  /** The initial shadow of a number. */
  readonly #initial: (value: Temp, k: number) => string;

  constructor(
    names: Names,
    lines: Lines,
    adoption: Adoption,
    suffixes: readonly string[],
    initial: (value: Temp, k: number) => string,
  ) {
    this.#names = names;
    this.#lines = lines;
    this.#adoption = adoption;
    this.#suffixes = suffixes;
    this.#initial = initial;
  }

  declare(temp: Temp): void {
    if (hasShadow(temp.shape!))
      this.#lines.add(`let ${this.#each((at) => this.#names.shadow(temp, at)).join(', ')};`);
  }

  declareSlot(slot: Slot): void {
    if (hasShadow(slot.shape!))
      this.#lines.add(`let ${this.#each((at) => this.#names.slotShadow(slot, at)).join(', ')};`);
  }

  write(slot: Slot, value: Temp): void {
    if (!hasShadow(slot.shape!)) return;
    for (const at of this.#suffixes)
      this.#lines.add(`${this.#names.slotShadow(slot, at)} = ${this.#names.shadow(value, at)};`);
  }

  copy(to: Temp, from: Temp): void {
    if (!hasShadow(to.shape!)) return;
    for (const at of this.#suffixes)
      this.#lines.add(`${this.#names.shadow(to, at)} = ${this.#names.shadow(from, at)};`);
  }

  define(temp: Temp, isHoisted: boolean): void {
    if (!hasShadow(temp.shape!)) return;
    for (const [k, at] of this.#suffixes.entries())
      this.#lines.add(`${isHoisted ? '' : 'const '}${this.#names.shadow(temp, at)} = ${this.text(temp, k)};`);
  }

  /** The expression that gives the shadow of an object. */
  text(temp: Temp, k: number): string {
    const names = this.#names;
    const at = this.#suffixes[k]!;
    const { op, shape } = temp;
    switch (op.type) {
      case 'read':
        return names.slotShadow(op.slot, at);
      case 'load':
        return names.member(names.shadow(op.object, at), op.key, op.index);
      case 'adopt':
        return isNothing(op.data) ? 'undefined' : this.#adoption.like(shape!, names.value(op.data));
      case 'make':
        return this.#made(temp, k);
      default:
        throw new Error(`a ${op.type} has no shadow`);
    }
  }

  #made({ op, shape }: Temp, k: number): string {
    if (op.type !== 'make') throw new Error('not made');
    const { form } = op;
    switch (form.type) {
      case 'parameters':
        return `${this.#names.prefix}grad`;
      case 'typed':
        return `new Float64Array(${this.#names.value(form.length)})`;
      case 'sized': {
        if (form.fill) return `new Array(${this.#names.value(form.length)}).fill(${this.#of(form.fill, k)})`;
        const { content } = cellOf(shape!, elements);
        const isScalar = content === null || content === 'scalar';
        return isScalar
          ? `${this.#names.prefix}zeros(${this.#names.value(form.length)})`
          : `new Array(${this.#names.value(form.length)})`;
      }
      case 'list':
        return `[${form.items.map((item) => this.#of(item, k)).join(', ')}]`;
      case 'record': {
        const given = new Map(contentsOf(form).map(({ key, value }) => [key, value]));
        const fields = [...rootOf(shape!).cells].flatMap(([key, cell]) => {
          if (!isShadowed(cell)) return [];
          const value = given.get(key);
          const isScalar = cell.content === null || cell.content === 'scalar';
          return [`${keyText(key)}: ${value ? this.#of(value, k) : isScalar ? '-0' : 'undefined'}`];
        });
        return `{ ${fields.join(', ')} }`;
      }
    }
  }

  store({ object, key, index, value, operator }: Store): void {
    const cell = cellOf(object.shape!, key);
    if (!isShadowed(cell) || operator !== '=') return;
    const isTyped = rootOf(object.shape!).typed !== null;
    for (const [k, at] of this.#suffixes.entries()) {
      const text = this.#of(value, k);
      // The adjoints of a typed array are 0 before the reverse sweep.
      if (isTyped && text === '-0') continue;
      this.#lines.add(`${this.#names.member(this.#names.shadow(object, at), key, index)} = ${text};`);
    }
  }

  #of(value: Temp, k: number): string {
    return value.shape ? this.#names.shadow(value, this.#suffixes[k]!) : this.#initial(value, k);
  }

  #each(write: (suffix: string) => string): string[] {
    return this.#suffixes.map(write);
  }
}
