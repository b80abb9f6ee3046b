import type { ValueProblemCode } from '../problem';
import type { PlacedText } from './placedText';

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface ValueProblem extends Span {
  readonly code: ValueProblemCode;
  readonly message: string;
  readonly replacement?: string;
}

export interface Placed<T> extends Span {
  readonly value: T;
}

/** One `key=value`, or a bare `key` that stands for `key=true`. */
export interface PlacedOption extends Span {
  readonly key: Placed<string>;
  readonly value: Placed<unknown>;
}

const numberSource = String.raw`[+-]?(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?`;
const numberPattern = new RegExp(`^${numberSource}$`);
/** A name of a coordinate: a word or a string. */
const keySource = String.raw`(?:[\p{ID_Start}$_][\p{ID_Continue}$]*|"(?:[^"\\]|\\.)*"|'[^']*')`;
/** A name with ranges: `w1[0..63]`. A bracket that is not closed belongs to it too, so that it can be reported. */
const entryPattern = /[^\s,[\]]+(?:\[[^[\]]*\][^\s,[\]]*|\[[^\s,[\]]*)*/y;
/** A coordinate, an array or a part of one: `w`, `net.w[0..3]`. */
const partSource = String.raw`${keySource}(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*|\[\d+(?:\.\.\d+)?\])*`;
const fractionPattern = new RegExp(`^(${numberSource})/(${numberSource})$`);

/** The number that the whole text represents, with underscores as in code; null if it is not a number. */
export function parseNumber(text: string): number | null {
  return numberPattern.test(text) ? Number(text.replaceAll('_', '')) : null;
}

/** Reads the value of one tag from left to right. All offsets that it returns are file offsets. */
export class ValueReader {
  #index = 0;
  readonly problems: ValueProblem[] = [];

  readonly #source: PlacedText;
  readonly #tag: Span;

  constructor(
    source: PlacedText,
    /** The place at which a missing value is reported. */
    tag: Span,
  ) {
    this.#source = source;
    this.#tag = tag;
  }

  get atEnd(): boolean {
    this.#skip(/\s*/y);
    return this.#index >= this.#source.text.length;
  }

  /** Whether `key=` follows. */
  get isAtOption(): boolean {
    return /^[\s,]*[A-Za-z][\w-]*\s*=/.test(this.#source.text.slice(this.#index));
  }

  /** A list, or a number for each name: `{"a": 0, "b": 1}`, `a=0 b=1`. */
  vector(): (Placed<number[] | Record<string, number>> & { readonly options: PlacedOption[] }) | null {
    const { text } = this.#source;
    if (!this.atEnd && (text[this.#index] === '{' || this.#startsWithKey())) return this.#named();
    const list = this.numbers();
    return list && { ...list, options: [] };
  }

  #startsWithKey(): boolean {
    const pattern = new RegExp(String.raw`${keySource}\s*[=:]`, 'uy');
    pattern.lastIndex = this.#index;
    return pattern.test(this.#source.text);
  }

  #named(): ReturnType<ValueReader['vector']> {
    const from = this.#index;
    const isBraced = this.#take(/\{/y) !== null;
    const options: PlacedOption[] = [];
    let isSound = true;
    for (;;) {
      this.#skip(/[\s,]*/y);
      if (isBraced && this.#take(/\}/y)) break;
      if (this.#index >= this.#source.text.length) {
        if (!isBraced) break;
        this.#report(from, this.#index, 'malformed-value', 'the closing } of these numbers is missing');
        return null;
      }
      const option = this.#namedNumber();
      if (option === null) isSound = false;
      else if (options.some(({ key: { value } }) => value === option.key.value)) {
        this.problems.push({
          from: option.from,
          to: option.to,
          code: 'malformed-value',
          message: `${option.key.value} appears twice`,
        });
        isSound = false;
      } else options.push(option);
    }
    if (!isSound) return null;
    const value = Object.fromEntries(
      options.map((option) => [option.key.value, option.value.value as number]),
    );
    const end = isBraced ? this.#index : this.#source.text.trimEnd().length;
    return { ...this.#placed(value, from, end), options };
  }

  /** `a=0`, `"a": 0`; null after a problem, with the rest up to the next name skipped. */
  #namedNumber(): PlacedOption | null {
    const from = this.#index;
    const written = this.#take(new RegExp(keySource, 'uy'));
    const name = written && (written.startsWith('"') ? unquote(written) : written.replace(/^'(.*)'$/, '$1'));
    const placedKey = this.#placed(name ?? '', from, this.#index);
    if (name === null || this.#take(/\s*[=:]\s*/y) === null) {
      this.#take(/[^\s,}]+|[\s\S]/y);
      this.#report(from, this.#index, 'malformed-value', 'write each number with its name, as in a=0 b=1');
      return null;
    }
    const at = this.#index;
    const word = this.#take(/[[{].*|"[^"]*"|[^\s,{}]+/sy) ?? '';
    const value = /^["'[{]/.test(word) ? null : this.#number(word, at);
    if (/^["'[{]/.test(word) || word === '')
      this.#report(at, this.#index, 'malformed-value', `the start of ${name} must be a number`);
    if (value === null || word === '') return null;
    const placed = this.#placed(value, at, this.#index);
    return { from: placedKey.from, to: placed.to, key: placedKey, value: placed };
  }

  /** `[1, 2]`, or the numbers without brackets. */
  numbers(): Placed<number[]> | null {
    if (this.atEnd) return this.#missing('a list of numbers such as [-1.2, 1]');
    const from = this.#index;
    const bracketed = this.#take(/\[/y) !== null;
    const value: number[] = [];
    let sound = true;
    for (;;) {
      this.#skip(/[\s,]*/y);
      if (bracketed && this.#take(/\]/y)) break;
      const at = this.#index;
      const word = this.#take(/[^\s,[\]]+/y);
      if (word === null) {
        if (bracketed || !this.atEnd) {
          this.#report(
            from,
            this.#source.text.length,
            'malformed-value',
            'the closing ] of this list is missing',
          );
          sound = false;
        }
        this.#index = this.#source.text.length;
        break;
      }
      const number = this.#number(word, at);
      if (number === null) sound = false;
      else value.push(number);
    }
    return sound ? this.#placed(value, from, this.#index) : null;
  }

  words(): Placed<Placed<string>[]> | null {
    if (this.atEnd) return this.#missing('names, separated by spaces');
    const from = this.#index;
    const value: Placed<string>[] = [];
    for (;;) {
      this.#skip(/[\s,[\]]*/y);
      if (this.atEnd) break;
      const at = this.#index;
      const quoted = this.#take(/"(?:[^"\\]|\\.)*"/y);
      if (quoted !== null) {
        const name = unquote(quoted);
        if (name === null) this.#report(at, this.#index, 'malformed-value', `${quoted} is not a string`);
        else value.push(this.#placed(name, at, this.#index));
        continue;
      }
      const word = this.#take(entryPattern) ?? '';
      value.push(this.#placed(word.replace(/\s/g, ''), at, this.#index));
    }
    return this.#placed(value, from, this.#source.text.trimEnd().length);
  }

  number(what: string): Placed<number> | null {
    if (this.atEnd) return this.#missing(what);
    const from = this.#index;
    const word = this.#take(/\S+/y) ?? '';
    const value = this.#number(word, from);
    return value === null ? null : this.#placed(value, from, this.#index);
  }

  word(what: string): Placed<string> | null {
    if (this.atEnd) return this.#missing(what);
    const from = this.#index;
    return this.#placed(this.#take(/\S+/y) ?? '', from, this.#index);
  }

  /** A name that is not the start of an option; null if there is none. */
  name(): Placed<string> | null {
    this.#skip(/\s*/y);
    const from = this.#index;
    const word = this.#take(/[A-Za-z][\w-]*(?!\s*=)(?![\w-])/y);
    return word === null ? null : this.#placed(word, from, this.#index);
  }

  /** Names and ranges of indices before the first option: `a "b c" 3 5..9`. */
  selection(): {
    readonly selectors: Span[];
    readonly names: string[];
    readonly ranges: [number, number][];
  } {
    const [selectors, names, ranges]: [Span[], string[], [number, number][]] = [[], [], []];
    while (!this.atEnd) {
      this.#skip(/[\s,]*/y);
      const from = this.#index;
      const range = this.#take(/\d+(?:\s*\.\.\s*\d+)?(?=[\s,]|$)/y);
      const name =
        range === null ? this.#take(new RegExp(String.raw`${partSource}(?!\s*[=:])(?=[\s,]|$)`, 'uy')) : null;
      if (range === null && name === null) break;
      selectors.push(this.#placed(null, from, this.#index));
      if (name !== null) names.push(/^"/.test(name) ? (unquote(name) ?? name) : name.replaceAll("'", ''));
      if (range !== null) {
        const [first, last = first] = range.split('..').map(Number) as [number, number?];
        ranges.push([first, last]);
      }
    }
    return { selectors, names, ranges };
  }

  /** Options to the end of the text. */
  options(): PlacedOption[] {
    const found: PlacedOption[] = [];
    while (!this.atEnd) {
      this.#skip(/[\s,]*/y);
      const from = this.#index;
      const word = this.#take(/[A-Za-z_]\w*/y);
      if (word === null) {
        if (this.atEnd) break;
        const stray = this.#take(/\S+/y) ?? '';
        this.#report(
          from,
          this.#index,
          'unexpected-text',
          `${stray} is not an option; write options as key=value`,
        );
        continue;
      }
      const key = this.#placed(word, from, this.#index);
      if (this.#take(/\s*[=:]/y) === null) {
        const bare = this.#index;
        const number = this.#take(new RegExp(String.raw`\s+${numberSource}(?=[\s,]|$)`, 'y'));
        if (number === null) {
          found.push({ from: key.from, to: key.to, key, value: { ...key, value: true } });
          continue;
        }
        this.#report(
          from,
          this.#index,
          'malformed-value',
          `write this option as ${word}=${number.trim()}`,
          `${word}=${number.trim()}`,
        );
        this.#index = bare + number.length;
        continue;
      }
      this.#skip(/\s*/y);
      const at = this.#index;
      const value = this.#optionValue();
      if (value === undefined) {
        if (at === this.#index)
          this.#report(
            from,
            this.#index,
            'missing-value',
            `the value of ${word}= is missing; write a number, true or false`,
          );
        continue;
      }
      const placed = this.#placed(value, at, this.#index);
      found.push({ from: key.from, to: placed.to, key, value: placed });
    }
    return found;
  }

  /** Nothing, `true` or `false`. */
  flag(): Placed<boolean> | null {
    if (this.atEnd) return { value: true, ...this.#tag };
    const from = this.#index;
    const word = this.#take(/\S+/y) ?? '';
    if (word === 'true' || word === 'false') return this.#placed(word === 'true', from, this.#index);
    this.#report(
      from,
      this.#index,
      'unexpected-text',
      `unexpected text: ${word}; write nothing, true or false`,
    );
    this.#index = this.#source.text.length;
    return { value: true, ...this.#tag };
  }

  /** `loss<1e-8 within 5000`; `loss>0.9` for a run that maximizes */
  expectation(): Placed<{ loss: number; steps: number | null; above?: true }> | null {
    if (this.atEnd) return this.#missing('an expectation such as loss<1e-8 within 5000');
    const pattern = /loss\s*[<>]\s*([^\s]+)(?:\s+within\s+([^\s]+)(?:\s+steps?)?)?/y;
    const from = this.#index;
    const text = this.#take(pattern);
    pattern.lastIndex = from;
    const match = pattern.exec(this.#source.text);
    if (text === null || match === null) {
      this.#report(
        from,
        this.#source.text.length,
        'malformed-value',
        'write an expectation as loss<1e-8 or loss<1e-8 within 5000 (with @maximize: loss>0.9)',
      );
      this.#index = this.#source.text.length;
      return null;
    }
    const end = this.#index;
    const sign = text.search(/[<>]/);
    const above = text[sign] === '>';
    const loss = this.#number(match[1]!, from + text.indexOf(match[1]!, sign + 1));
    const steps =
      match[2] === undefined
        ? null
        : this.#number(match[2], from + text.indexOf(match[2], text.indexOf('within') + 6));
    if (loss === null || (match[2] !== undefined && steps === null)) return null;
    return this.#placed({ loss, steps, ...(above && { above }) }, from, end);
  }

  /** Reports the remaining text as unexpected, except a comma before the next tag. */
  finish(): void {
    this.#skip(/[\s,]*$/y);
    if (this.atEnd) return;
    const rest = this.#source.text.slice(this.#index);
    this.#report(this.#index, this.#source.text.length, 'unexpected-text', `unexpected text: ${rest}`);
    this.#index = this.#source.text.length;
  }

  #optionValue(): unknown {
    const from = this.#index;
    if (this.#source.text[from] === '[') return this.numbers()?.value;
    const word = this.#take(/[^\s,]+/y);
    if (word === null) return undefined;
    if (word === 'true') return true;
    if (word === 'false') return false;
    if (/^[A-Za-z]/.test(word)) return word;
    return this.#number(word, from) ?? undefined;
  }

  #number(word: string, index: number): number | null {
    const value = parseNumber(word);
    if (value !== null) return value;
    const plain = word.replace(/^[−–]/, '-').replace(/^\((.*)\)$/, '$1');
    const fraction = fractionPattern.exec(word);
    const meant = fraction ? Number(fraction[1]) / Number(fraction[2]) : parseNumber(plain);
    const replacement = meant !== null && Number.isFinite(meant) ? String(meant) : undefined;
    this.#report(index, index + word.length, 'malformed-value', `${word} is not a number`, replacement);
    return null;
  }

  #missing(what: string): null {
    const { from, to } = this.#tag;
    this.problems.push({
      from,
      to,
      code: 'missing-value',
      message: `the value of this tag is missing; write ${what}`,
    });
    return null;
  }

  #report(from: number, to: number, code: ValueProblem['code'], message: string, replacement?: string): void {
    const span = { from: this.#source.at(from), to: this.#end(from, to) };
    this.problems.push({ ...span, code, message, ...(replacement === undefined ? {} : { replacement }) });
  }

  #placed<T>(value: T, from: number, to: number): Placed<T> {
    return { value, from: this.#source.at(from), to: this.#end(from, to) };
  }

  /** The end as a file offset: after the last character, not before the star of the next line. */
  #end(from: number, to: number): number {
    return to > from ? this.#source.at(to - 1) + 1 : this.#source.at(from);
  }

  #skip(pattern: RegExp): void {
    this.#take(pattern);
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#index;
    const match = pattern.exec(this.#source.text);
    if (!match) return null;
    this.#index = pattern.lastIndex;
    return match[0];
  }
}

function unquote(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
