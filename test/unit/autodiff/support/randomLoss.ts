import type { Random } from '../../../../src/core/numerics/random';

interface Names {
  /** Scalars that can be read, and those that can be assigned. */
  readonly scalars: readonly string[];
  readonly variables: readonly string[];
  /** Arrays of three elements that can be read, and those that can be written. */
  readonly arrays: readonly string[];
  readonly buffers: readonly string[];
  /** Non-negative integers. */
  readonly counters: readonly string[];
  readonly inLoop: boolean;
}

/**
 * A random loss of `dim` parameters in the syntax for which a gradient can be generated. Its values stay near
 * 1.
 */
export function randomLoss(random: Random, dim: number): string {
  return new Writer(random, dim).write();
}

class Writer {
  readonly #random: Random;
  readonly #dim: number;
  #count = 0;
  readonly #helpers: string[] = [];
  readonly #fillers: string[] = [];
  /** Calls are inlined: with too many, the generated text would exceed its size limit. */
  #calls = 0;

  constructor(random: Random, dim: number) {
    this.#random = random;
    this.#dim = dim;
  }

  write(): string {
    const parts = [
      'const data = [0.3, -1.1, 0.8, 1.7];',
      'const rows = [{ x: 0.5, y: -0.2 }, { x: -1, y: 0.7 }];',
    ];
    for (let k = 0; k < 3; k++) parts.push(this.#helper(k));
    parts.push(this.#filler());
    const names: Names = {
      scalars: [],
      variables: [],
      arrays: ['p'],
      buffers: [],
      counters: [],
      inLoop: false,
    };
    parts.push(`export function loss(p, context) {\n${this.#body(names, 7)}\n}`);
    return parts.join('\n');
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

  #helper(k: number): string {
    const names: Names = {
      scalars: ['a', 'b'],
      variables: ['a'],
      arrays: [],
      buffers: [],
      counters: [],
      inLoop: false,
    };
    const text = `function h${k}(a, b = ${this.#number()}) {\n${this.#body(names, 2 + this.#int(2))}\n}`;
    this.#helpers.push(`h${k}`);
    return text;
  }

  /** A function that writes into its array argument. */
  #filler(): string {
    const names: Names = {
      scalars: ['a'],
      variables: [],
      arrays: ['from', 'to'],
      buffers: ['to'],
      counters: [],
      inLoop: false,
    };
    const text = `function fill(from, to, a) {\n${this.#list(names, 3)}\n}`;
    this.#fillers.push('fill');
    return text;
  }

  #body(names: Names, length: number): string {
    return this.#list(names, length, true);
  }

  /** A list of statements. Later statements may use the names that earlier ones declare. */
  #list(outer: Names, length: number, returns = false): string {
    let names = outer;
    const lines: string[] = [];
    for (let k = 0; k < length; k++) {
      const [text, after] = this.#statement(names, length - 1, returns);
      lines.push(text);
      names = after;
    }
    if (returns) {
      const terms = names.variables.map((each) => `${each} ${this.#one(['* 0.5', '/ data.length', '* 3'])}`);
      lines.push(`return ${[this.#expression(names, 3), this.#expression(names, 2), ...terms].join(' + ')};`);
    }
    return lines.map((line) => `  ${line.replace(/\n/g, '\n  ')}`).join('\n');
  }

  #statement(names: Names, size: number, returns: boolean): [string, Names] {
    const inner = Math.min(size, 3);
    switch (this.#int(size > 0 ? 14 : 6)) {
      case 0: {
        const name = this.#name('v');
        const text = `let ${name} = ${this.#bounded(names)};`;
        return [text, { ...names, scalars: [...names.scalars, name], variables: [...names.variables, name] }];
      }
      case 1: {
        const name = this.#name('c');
        return [`const ${name} = ${this.#bounded(names)};`, { ...names, scalars: [...names.scalars, name] }];
      }
      case 2: {
        const name = this.#name('w');
        const made = this.#one([
          'new Float64Array(3)',
          `new Array(3).fill(${this.#expression(names, 1)})`,
          `[${this.#bounded(names)}, ${this.#number()}, ${this.#expression(names, 1)}]`,
        ]);
        const text = `const ${name} = ${made};`;
        return [text, { ...names, arrays: [...names.arrays, name], buffers: [...names.buffers, name] }];
      }
      case 3:
      case 4:
        return [this.#assignment(names), names];
      case 5:
        if (names.buffers.length === 0) return [this.#assignment(names), names];
        return [this.#store(names), names];
      case 6:
      case 7: {
        const otherwise = this.#random() < 0.6 ? ` else {\n${this.#list(names, inner)}\n}` : '';
        return [`if (${this.#condition(names)}) {\n${this.#list(names, inner)}\n}${otherwise}`, names];
      }
      case 8:
      case 9:
        return [this.#loop(names, inner), names];
      case 10: {
        const total = this.#name('v');
        const text = `let ${total} = ${this.#expression(names, 1)};\n${this.#sum(total, names, inner)}`;
        return [
          text,
          { ...names, scalars: [...names.scalars, total], variables: [...names.variables, total] },
        ];
      }
      case 11: {
        if (names.inLoop)
          return [`if (${this.#condition(names)}) ${this.#one(['break', 'continue'])};`, names];
        if (!returns) return [this.#assignment(names), names];
        return [`if (${this.#condition(names)}) return ${this.#bounded(names)};`, names];
      }
      case 12: {
        const total = this.#name('v');
        const item = this.#name('d');
        const more: Names = {
          ...names,
          scalars: [...names.scalars, total, item],
          variables: [total],
          inLoop: false,
        };
        const head = `let ${total} = ${this.#number()};`;
        const text = `${head}\ndata.forEach((${item}) => {\n${this.#list(more, 2)}\n});`;
        return [
          text,
          { ...names, scalars: [...names.scalars, total], variables: [...names.variables, total] },
        ];
      }
      default: {
        const [filler] = this.#fillers;
        if (!filler || names.buffers.length === 0) return [this.#assignment(names), names];
        const text = `${filler}(${this.#one(names.arrays)}, ${this.#one(names.buffers)}, ${this.#expression(names, 2)});`;
        return [text, names];
      }
    }
  }

  #assignment(names: Names): string {
    if (names.variables.length === 0) return ';';
    const name = this.#one(names.variables);
    return this.#one([
      () => `${name} = ${this.#bounded(names)};`,
      () => `${name} += 0.3 * ${this.#bounded(names)};`,
      () => `${name} -= 0.2 * ${this.#bounded(names)};`,
      () => `${name} *= Math.cos(${this.#expression(names, 2)});`,
      () => `${name} = Math.tanh(${name} * ${name} - ${this.#bounded(names)});`,
    ])();
  }

  #store(names: Names): string {
    const element = `${this.#one(names.buffers)}[${this.#index(names)}]`;
    return this.#one([
      () => `${element} = ${this.#bounded(names)};`,
      () => `${element} += 0.3 * ${this.#bounded(names)};`,
      () => `${element} -= ${this.#bounded(names)};`,
      () => `${element} *= Math.sin(${this.#expression(names, 2)});`,
    ])();
  }

  #loop(names: Names, size: number): string {
    const i = this.#name('i');
    const inside: Names = { ...names, counters: [...names.counters, i], inLoop: true };
    const body = () => this.#list(inside, size);
    const item = this.#name('e');
    const withItem: Names = { ...names, scalars: [...names.scalars, item], inLoop: true };
    const limit = 2 + this.#int(4);
    return this.#one([
      () => `for (let ${i} = 0; ${i} < ${limit}; ${i}++) {\n${body()}\n}`,
      () => `for (let ${i} = ${limit}; ${i} >= 0; ${i} -= 2) {\n${body()}\n}`,
      () => `for (let ${i} = 1; ${i} < data.length && ${this.#condition(names)}; ${i} += 1) {\n${body()}\n}`,
      () =>
        `for (const ${item} of ${this.#one([...names.arrays, 'data'])}) {\n${this.#list(withItem, size)}\n}`,
      () => `let ${i} = 0;\nwhile (${i}++ < ${limit}) {\n${body()}\n}`,
      () =>
        `let ${i} = 0;\ndo {\n  ${i} += 1;\n${body()}\n} while (${i} < ${limit} && ${this.#condition(names)});`,
      () =>
        `for (const { x: ${item}x, y: ${item} } of rows) {\n${this.#list({ ...withItem, scalars: [...withItem.scalars, `${item}x`] }, size)}\n}`,
    ])();
  }

  /** A loop whose iterations only add to a sum, unless random inner statements prevent that. */
  #sum(total: string, names: Names, size: number): string {
    const i = this.#name('i');
    const own: Names = {
      ...names,
      variables: [],
      buffers: [],
      counters: [...names.counters, i],
      inLoop: false,
    };
    const body = this.#list(own, size);
    const add = () =>
      `${total} ${this.#one(['+=', '-='])} ${this.#bounded(own)} * ${this.#expression(own, 1)};`;
    const inner = this.#random() < 0.3 && size > 0 ? `\n${this.#sum(total, own, size - 1)}` : '';
    const maybe = this.#random() < 0.3 ? `\nif (${this.#condition(own)}) ${add()}` : '';
    return `for (let ${i} = 0; ${i} < ${2 + this.#int(3)}; ${i}++) {\n${body}\n${add()}${maybe}${inner}\n}`;
  }

  #condition(names: Names): string {
    const compare = () =>
      `${this.#expression(names, 2)} ${this.#one(['<', '>', '<=', '>='])} ${this.#expression(names, 1)}`;
    const { counters } = names;
    if (counters.length > 0 && this.#random() < 0.4)
      return `${this.#one(counters)} % ${2 + this.#int(2)} === 1`;
    const draw = this.#random();
    if (draw < 0.15) return `(${compare()} && ${compare()})`;
    return draw < 0.3 ? `(${compare()} || !(${compare()}))` : compare();
  }

  /** An expression with a value between about −2 and 2. */
  #bounded(names: Names): string {
    const wrap = this.#one(['Math.sin', 'Math.tanh', 'Math.atan', 'Math.cos']);
    return `${wrap}(${this.#expression(names, 3)})`;
  }

  #expression(names: Names, depth: number): string {
    const leaf = () => {
      const choices = [
        ...names.scalars,
        ...names.arrays.map((array) => `${array}[${this.#index(names)}]`),
        ...names.counters,
        this.#number(),
      ];
      return this.#one(choices);
    };
    if (depth === 0 || this.#random() < 0.15) return leaf();
    const below = () => this.#expression(names, depth - 1);
    return this.#one([
      () => `(${below()} + ${below()})`,
      () => `(${below()} - ${below()})`,
      () => `${this.#bounded(names)} * (${below()})`,
      () => `(${below()}) / (1.5 + Math.sin(${below()}))`,
      () => `Math.${this.#one(['sin', 'cos', 'tanh', 'atan', 'abs'])}(${below()})`,
      () => `Math.exp(Math.sin(${below()}))`,
      () => `Math.sqrt(1 + (${below()}) ** 2)`,
      () => `Math.${this.#one(['max', 'min', 'hypot', 'atan2'])}(${below()}, ${below()})`,
      () => `Math.sin(${below()}) ** ${this.#one(['2', '3'])}`,
      () => `(${this.#condition(names)} ? ${below()} : ${below()})`,
      () => (this.#mayCall() ? `Math.tanh(${this.#one(this.#helpers)}(${below()}, ${below()}))` : leaf()),
      () => (this.#mayCall() ? `Math.sin(${this.#one(this.#helpers)}(${below()}))` : leaf()),
      () => `[0.5, -1].reduce((s, d) => s + Math.sin(d * ${below()}), 0)`,
      () => `-${leaf()}`.replace('--', ''),
    ])();
  }

  #mayCall(): boolean {
    return this.#helpers.length > 0 && this.#calls++ < 2 + 2 * this.#helpers.length;
  }

  #index(names: Names): string {
    if (names.counters.length === 0 || this.#random() < 0.3) return String(this.#int(this.#dim));
    return `(${this.#one(names.counters)} + ${this.#int(3)}) % 3`;
  }

  #number(): string {
    return String(Math.round(200 * this.#random()) / 100);
  }
}
