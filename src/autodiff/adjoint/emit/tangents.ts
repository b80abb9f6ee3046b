import type { Branch, Loop, Slot, Store, Temp } from '../ir';
import { cellOf } from '../shapes';
import type { Adoption } from './adoption';
import type { Names } from './expressions';
import type { Companion } from './forwardSweep';
import type { Lines } from './lines';
import { Shadows } from './shadows';

/**
 * Forward mode: each active value has one tangent variable per parameter, its derivative with respect to that
 * parameter.
 */
export class Tangents implements Companion {
  readonly shadows: Shadows;
  readonly #names: Names;
  readonly #lines: Lines;
  readonly #dim: number;
  readonly #isGuarded: boolean;
  /** Tangents that are known when the code is generated: 0 and 1. */
  readonly #known = new Map<string, string>();

  constructor(names: Names, lines: Lines, adoption: Adoption, dim: number, isGuarded: boolean) {
    const suffixes = Array.from({ length: dim }, (_, k) => `_${k}`);
    this.shadows = new Shadows(names, lines, adoption, suffixes, (value, k) => this.of(value, k));
    this.#names = names;
    this.#lines = lines;
    this.#dim = dim;
    this.#isGuarded = isGuarded;
  }

  isHoisted(): boolean {
    return false;
  }

  isShadowHoisted(): boolean {
    return false;
  }

  of(temp: Temp, k: number): string {
    if (!temp.isActive) return '0';
    const name = `${this.#names.prefix}u${temp.id}_${k}`;
    return this.#known.get(name) ?? name;
  }

  defined(temp: Temp): void {
    if (!temp.isActive) return;
    const { op } = temp;
    const partials = op.type === 'rule' ? this.#partials(temp) : [];
    for (let k = 0; k < this.#dim; k++) {
      const name = `${this.#names.prefix}u${temp.id}_${k}`;
      const text = this.#tangent(temp, k, partials);
      if (text === '0' || text === '1') this.#known.set(name, text);
      else this.#lines.add(`const ${name} = ${text};`);
    }
  }

  #tangent(temp: Temp, k: number, partials: readonly (string | null)[]): string {
    const { op } = temp;
    if (op.type === 'read') return this.#slot(op.slot, k);
    if (op.type === 'load') {
      const { object, key } = op;
      if (object.op.type !== 'make' || object.op.form.type !== 'parameters')
        return this.#names.member(this.#names.shadow(object, `_${k}`), key, op.index);
      const index = this.#names.value(op.index!);
      if (op.index!.op.type === 'text') return index === String(k) ? '1' : '0';
      return `(${index} === ${k} ? 1 : 0)`;
    }
    if (op.type !== 'rule') throw new Error(`a ${op.type} has no tangent`);
    const terms: string[] = [];
    for (const [which, arg] of op.args.entries()) {
      const partial = partials[which];
      const tangent = this.of(arg, k);
      if (partial == null || tangent === '0') continue;
      if (partial === '1') terms.push(tangent);
      else if (partial === '-1') terms.push(`-${tangent}`);
      else if (this.#isGuarded) terms.push(`${this.#names.prefix}times(${tangent}, ${partial})`);
      else terms.push(tangent === '1' ? partial : `${tangent} * ${partial}`);
    }
    return terms.length === 0 ? '0' : terms.join(' + ');
  }

  /**
   * The partial derivatives, each computed once for all tangents; null for an operand without a derivative.
   */
  #partials(temp: Temp): (string | null)[] {
    if (temp.op.type !== 'rule') return [];
    return temp.op.args.map((arg, which) => {
      if (!arg.isActive) return null;
      const text = this.#names.partial(temp, which);
      if (/^-?[\w$.]+$/.test(text)) return text.startsWith('-') && text !== '-1' ? `(${text})` : text;
      const name = `${this.#names.prefix}p${temp.id}_${which}`;
      this.#lines.add(`const ${name} = ${text};`);
      return name;
    });
  }

  slotMade(slot: Slot): void {
    if (!slot.isActive) return;
    this.#lines.add(`let ${this.#each((k) => `${this.#slot(slot, k)} = 0`)};`);
  }

  written(slot: Slot, value: Temp): void {
    if (!slot.isActive) return;
    for (let k = 0; k < this.#dim; k++) this.#lines.add(`${this.#slot(slot, k)} = ${this.of(value, k)};`);
  }

  /** `=` is a part of the shadows. */
  stored({ object, key, index, value, operator }: Store): void {
    if (operator === '=' || !cellOf(object.shape!, key).isActive) return;
    for (let k = 0; k < this.#dim; k++) {
      const tangent = this.of(value, k);
      const place = this.#names.member(this.#names.shadow(object, `_${k}`), key, index);
      if (tangent !== '0') this.#lines.add(`${place} ${operator} ${tangent};`);
    }
  }

  beforeBranch({ phis }: Branch): void {
    for (const phi of phis) if (phi.isActive) this.#lines.add(`let ${this.#each((k) => this.of(phi, k))};`);
  }

  sideEnded({ phis }: Branch, side: 'yes' | 'no'): void {
    for (const phi of phis) {
      if (!phi.isActive || phi.op.type !== 'phi') continue;
      for (let k = 0; k < this.#dim; k++)
        this.#lines.add(`${this.of(phi, k)} = ${this.of(phi.op[side], k)};`);
    }
  }

  around(_loop: Loop, write: () => void): void {
    write();
  }

  bodyStarts(): void {}
  bodyEnded(): void {}
  blockEnded(): void {}

  #each(write: (k: number) => string): string {
    return Array.from({ length: this.#dim }, (_, k) => write(k)).join(', ');
  }

  #slot({ id }: Slot, k: number): string {
    return `${this.#names.prefix}e${id}_${k}`;
  }
}
