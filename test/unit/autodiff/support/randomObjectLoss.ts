import type { Random } from '../../../../src/core/numerics/random';

/** The names in scope, by type. `matrices` are lists of lists, `points` are objects, `vectors` instances of a class. */
interface Names {
  readonly scalars: readonly string[];
  readonly variables: readonly string[];
  readonly lists: readonly string[];
  readonly matrices: readonly string[];
  readonly points: readonly string[];
  readonly vectors: readonly string[];
  readonly counters: readonly string[];
  /** Those that can be assigned. */
  readonly assignable: readonly string[];
}

type Kind = 'lists' | 'matrices' | 'points' | 'vectors';

const prelude = `const inputs = [[0.5, -1, 0.25], [1.5, 0.3, -0.7], [0.1, 0.9, 2]];
const origin = { x: 0.5, y: -0.25, tag: 'data' };
const square = (v) => v * v;
class Vector {
  constructor(x, y) { this.x = x; this.y = y; }
  add(o) { return new Vector(this.x + o.x, this.y + o.y); }
  scale(f) { return new Vector(this.x * f, this.y * f); }
  dot({ x, y }) { return this.x * x + this.y * y; }
  get size() { return Math.sqrt(1 + this.dot(this)); }
  move(dx) { this.x += dx; this.y *= 0.5; return this; }
  static polar(r, a) { return new Vector(r * Math.cos(a), r * Math.sin(a)); }
}
const dot = (a, b) => a.reduce((s, v, i) => s + v * b[i], 0);
const apply = (m, v) => m.map((row) => Math.tanh(dot(row, v)));
function choose(a, b, k) { if (k > 0.2) return a; for (const v of b) if (v > 0.9) return b; return b.map((v) => v + 0.1); }
const scaled = (f) => (v) => v * f;`;

/**
 * A random loss of three parameters that makes lists of lists, objects and instances, gives them several names, and
 * changes them in place. Its values stay near 1.
 */
export function randomObjectLoss(random: Random): string {
  return `${prelude}\n${new Writer(random).write()}`;
}

class Writer {
  readonly #random: Random;
  #count = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  write(): string {
    const names: Names = {
      scalars: ['p[0]', 'p[1]', 'p[2]'],
      variables: [],
      lists: ['p'],
      matrices: ['inputs'],
      points: ['origin'],
      vectors: [],
      counters: [],
      assignable: [],
    };
    return `export function loss(p) {\n${this.#list(names, 9, true)}\n}`;
  }

  #list(outer: Names, length: number, returns = false): string {
    let names = outer;
    const lines: string[] = [];
    for (let k = 0; k < length; k++) {
      const [text, after] = this.#statement(names, length - 1);
      lines.push(text);
      names = after;
    }
    if (returns) {
      const own = (kind: Kind) => names[kind].filter((name) => names.assignable.includes(name));
      const terms = [
        ...names.variables,
        ...own('lists').map((name) => `${name}.reduce((a, b) => a + Math.sin(b), 0)`),
        ...own('matrices').map((name) => `${name}.reduce((a, row) => a + dot(row, p), 0)`),
        ...own('points').map((name) => `${name}.x * ${name}.y`),
        ...own('vectors').map((name) => `${name}.size`),
      ];
      lines.push(`return ${[this.#scalar(names, 2), ...terms].join(' + ')};`);
    }
    return lines.map((line) => `  ${line.replace(/\n/g, '\n  ')}`).join('\n');
  }

  #statement(names: Names, size: number): [string, Names] {
    const inner = Math.min(size, 3);
    switch (this.#int(size > 0 ? 15 : 9)) {
      case 0: {
        const name = this.#name('s');
        const text = `let ${name} = Math.sin(${this.#scalar(names, 2)});`;
        return [text, { ...names, scalars: [...names.scalars, name], variables: [...names.variables, name] }];
      }
      case 1:
        return this.#declare(names, 'lists', 'l', this.#listOf(names));
      case 2:
        return this.#declare(names, 'matrices', 'm', this.#matrix(names));
      case 3:
        return this.#declare(names, 'points', 'o', this.#point(names));
      case 4:
        return this.#declare(names, 'vectors', 'v', this.#vector(names));
      case 5: {
        if (names.variables.length === 0) return [';', names];
        const name = this.#one(names.variables);
        return [`${name} ${this.#one(['=', '+=', '-=', '*='])} Math.sin(${this.#scalar(names, 2)});`, names];
      }
      case 6:
      case 7:
        return [this.#change(names), names];
      case 8:
        return [this.#rename(names), names];
      case 9:
      case 10: {
        const otherwise = this.#random() < 0.5 ? ` else {\n${this.#list(names, inner)}\n}` : '';
        return [`if (${this.#condition(names)}) {\n${this.#list(names, inner)}\n}${otherwise}`, names];
      }
      case 11: {
        const total = this.#name('s');
        const row = this.#name('r');
        const more = { ...names, lists: [...names.lists, row], assignable: [], variables: [total] };
        const text = `let ${total} = 0;\nfor (const ${row} of ${this.#one(names.matrices)}) {\n${this.#list(more, inner - 1)}\n  ${total} += Math.sin(${this.#scalar(more, 2)});\n}`;
        return [
          text,
          { ...names, scalars: [...names.scalars, total], variables: [...names.variables, total] },
        ];
      }
      default: {
        const i = this.#name('i');
        const more = { ...names, counters: [...names.counters, i] };
        return [
          `for (let ${i} = 0; ${i} < ${2 + this.#int(3)}; ${i}++) {\n${this.#list(more, inner)}\n}`,
          names,
        ];
      }
    }
  }

  #declare(names: Names, kind: Kind, prefix: string, value: string): [string, Names] {
    const name = this.#name(prefix);
    const isVariable = this.#random() < 0.7;
    return [
      `${isVariable ? 'let' : 'const'} ${name} = ${value};`,
      {
        ...names,
        [kind]: [...names[kind], name],
        assignable: isVariable ? [...names.assignable, name] : names.assignable,
      },
    ];
  }

  /** Gives another object to a variable. */
  #rename(names: Names): string {
    const kinds: readonly [Kind, () => string][] = [
      ['lists', () => this.#listOf(names)],
      ['matrices', () => this.#matrix(names)],
      ['points', () => this.#point(names)],
      ['vectors', () => this.#vector(names)],
    ];
    const [kind, write] = this.#one(kinds);
    const targets = names[kind].filter((name) => names.assignable.includes(name));
    if (targets.length === 0) return ';';
    return `${this.#one(targets)} = ${write()};`;
  }

  /** Changes an object in place. */
  #change(names: Names): string {
    const value = `Math.sin(${this.#scalar(names, 2)})`;
    const operator = this.#one(['=', '+=', '-=', '*=']);
    const own = (kind: Kind) => names[kind].filter((name) => /^[lmov]\d/.test(name));
    const choices: string[] = [];
    for (const name of own('lists')) choices.push(`${name}[${this.#index(names)}] ${operator} ${value};`);
    for (const name of own('matrices')) {
      choices.push(`${name}[${this.#index(names)}][${this.#index(names)}] ${operator} ${value};`);
      choices.push(`${name}[${this.#index(names)}] = ${this.#listOf(names)};`);
    }
    for (const name of own('points')) {
      choices.push(`${name}.${this.#one(['x', 'y'])} ${operator} ${value};`);
      choices.push(`${name}.x++;`);
    }
    for (const name of own('vectors')) choices.push(`${name}.move(${value});`);
    return choices.length > 0 ? this.#one(choices) : ';';
  }

  #listOf(names: Names): string {
    const value = () => `Math.cos(${this.#scalar(names, 1)})`;
    const list = () => this.#one(names.lists);
    const shared = () => this.#shared(names.lists) ?? `[${value()}, 1, ${value()}]`;
    const row = () => {
      const matrix = this.#shared(names.matrices);
      return matrix ? `${matrix}[${this.#index(names)}]` : `[${value()}, 0.5, ${value()}]`;
    };
    return this.#one([
      () => `[${value()}, ${value()}, ${this.#number()}]`,
      () => `${list()}.map((v, i) => Math.sin(v * (i + 1) + ${this.#scalar(names, 1)}))`,
      () => `apply(${this.#one(names.matrices)}, ${list()})`,
      () => `Array.from({ length: 3 }, (_, i) => ${value()} * i)`,
      () => `${list()}.slice()`,
      () => `[...${list()}]`,
      () => row(),
      () => `choose(${shared()}, ${row()}, ${this.#scalar(names, 1)})`,
      () => `(${this.#condition(names)} ? ${shared()} : ${row()})`,
      () => shared(),
      () => `${list()}.map(scaled(${value()})).map(Math.sin)`,
      () => `new Array(3).fill(${value()})`,
    ])();
  }

  #matrix(names: Names): string {
    return this.#one([
      () => `[${this.#listOf(names)}, ${this.#listOf(names)}, ${this.#listOf(names)}]`,
      () => `[0, 1, 2].map((i) => ${this.#listOf({ ...names, counters: [...names.counters, 'i'] })})`,
      () => `${this.#one(names.matrices)}.map((row, i) => row.map((v, j) => Math.sin(v + i * j)))`,
      () => `${this.#shared(names.matrices) ?? '[[1, 2, 3], [0, 1, 0], [0.5, 0, 1]]'}.map((row) => row)`,
      () => this.#shared(names.matrices) ?? `Array.from({ length: 3 }, () => ${this.#listOf(names)})`,
    ])();
  }

  #point(names: Names): string {
    const value = () => `Math.sin(${this.#scalar(names, 1)})`;
    return this.#one([
      () => `{ x: ${value()}, y: ${value()} }`,
      () => `{ ...${this.#one(names.points)}, x: ${value()} }`,
      () => `{ y: ${value()}, x: ${this.#number()} }`,
      () => this.#shared(names.points) ?? `{ x: 1, y: ${value()} }`,
      () =>
        `(${this.#condition(names)} ? ${this.#shared(names.points) ?? '{ x: 2, y: 2 }'} : { x: ${value()}, y: 1 })`,
    ])();
  }

  #vector(names: Names): string {
    const value = () => `Math.sin(${this.#scalar(names, 1)})`;
    const fresh = () => `new Vector(${value()}, ${value()})`;
    const some = () => (names.vectors.length > 0 ? this.#one(names.vectors) : fresh());
    return this.#one([
      fresh,
      () => `Vector.polar(1, ${value()})`,
      () => `${some()}.add(${some()}).scale(0.5)`,
      some,
      () => `[0.3, 0.6].reduce((at, f) => at.add(${some()}.scale(f)), ${fresh()}).scale(0.4)`,
    ])();
  }

  /** A name that gets another one. Data and the parameters rarely do, because an object that may be data may not change. */
  #shared(names: readonly string[]): string | null {
    const own = names.filter((name) => /^[lmov]\d/.test(name));
    if (this.#random() < 0.03) return this.#one(names);
    return own.length > 0 ? this.#one(own) : null;
  }

  #scalar(names: Names, depth: number): string {
    const leaf = () =>
      this.#one([
        ...names.scalars,
        ...names.lists.map((name) => `${name}[${this.#index(names)}]`),
        ...names.matrices.map((name) => `${name}[${this.#index(names)}][${this.#index(names)}]`),
        ...names.points.map((name) => `${name}.${this.#one(['x', 'y'])}`),
        ...names.vectors.flatMap((name) => [`${name}.x`, `${name}.size`]),
        ...names.counters,
        this.#number(),
      ]);
    if (depth === 0 || this.#random() < 0.25) return leaf();
    const below = () => this.#scalar(names, depth - 1);
    return this.#one([
      () => `(${below()} + ${below()})`,
      () => `(${below()} - ${below()})`,
      () => `Math.sin(${below()}) * (${below()})`,
      () => `Math.tanh(${below()})`,
      () => `dot(${this.#one(names.lists)}, ${this.#one(names.lists)})`,
      () => `square(Math.cos(${below()}))`,
      () => `(({ x, y: [a] }) => x * Math.sin(a))({ x: ${below()}, y: [${below()}] })`,
      () => `(${this.#condition(names)} ? ${below()} : ${below()})`,
      () => `Math.sin(${this.#one(names.lists)}.reduce((a, b) => a + b * b, 0))`,
    ])();
  }

  #condition(names: Names): string {
    const { points } = names;
    if (points.length > 1 && this.#random() < 0.2) return `${this.#one(points)} === ${this.#one(points)}`;
    return `${this.#scalar(names, 1)} ${this.#one(['<', '>'])} ${this.#scalar(names, 1)}`;
  }

  #index({ counters }: Names): string {
    return counters.length > 0 && this.#random() < 0.6
      ? `(${this.#one(counters)} + ${this.#int(3)}) % 3`
      : String(this.#int(3));
  }

  #name(prefix: string): string {
    return `${prefix}${this.#count++}`;
  }

  #int(below: number): number {
    return Math.floor(this.#random() * below);
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#int(list.length)]!;
  }

  #number(): string {
    return String(Math.round(200 * this.#random()) / 100);
  }
}
