/**
 * A random body of a function `(log, h)`. It terminates, uses names that exist, and logs what it does, so
 * that every change of the order of effects is visible.
 */
export function randomProgram(random: () => number): string {
  return new Writer(random).program();
}

const pick = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

class Writer {
  readonly #random: () => number;
  #names: string[] = ['h', 'n', 's', 'b', 'u'];
  #count = 0;
  #inGenerator = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  program(): string {
    const head =
      'let n: any = 2.5, s: any = "7", b: any = true, u: any; const a: any = [1, 0, h, -2, "x"], o: any = { x: 1, y: 0, z: { x: h }, get g() { log("get"); return n }, set g(v) { log("set", v); n = v } };\n' +
      'const f = (x?: any, y?: any): any => { log("f", x, y); return y === undefined ? x : x }; let fuel = 60;';
    const body = this.#statements(5, 3);
    return `${head}\n${body}\nreturn [n, s, b, u, a, o.x, o.y, o.z, h, ${this.#expression(3)}]`;
  }

  #is(chance: number): boolean {
    return this.#random() < chance;
  }

  #statements(count: number, depth: number): string {
    const known = this.#names.length;
    const lines = Array.from({ length: 1 + Math.floor(this.#random() * count) }, () =>
      this.#statement(depth),
    );
    this.#names.length = known;
    return lines.join('');
  }

  /** A line end instead of a semicolon, where the next line cannot continue the statement. */
  #end(): string {
    return this.#is(0.5) ? ';\n' : this.#is(0.5) ? '\n;' : '; ';
  }

  #statement(depth: number): string {
    const e = () => this.#expression(3);
    const block = () => (this.#is(0.7) ? `{ ${this.#statements(3, depth - 1)} }` : `${this.#simple()};\n`);
    if (depth <= 0) return this.#simple() + this.#end();
    switch (Math.floor(this.#random() * 12)) {
      case 0:
        return `if (${e()}) ${block()} else ${block()}\n`;
      case 1:
        return `while (fuel-- > 0 && (${e()})) ${block()}\n`;
      case 2: {
        const i = `i${this.#count++}`;
        return `for (let ${i} = 0; ${i} < ${1 + Math.floor(this.#random() * 3)}; ${i}++) { ${this.#with(i, depth)} }\n`;
      }
      case 3: {
        const x = `x${this.#count++}`;
        return `for (const ${x} of ${pick(this.#random, ['[1, n, h]', 'a.slice(0, 3)', '[..."ab"]'])}) { ${this.#with(x, depth)} }\n`;
      }
      case 4:
        return `switch (${e()}) { case ${e()}: ${this.#statements(2, depth - 1)} break; case 1: ${this.#simple()}; default: ${this.#simple()} }\n`;
      case 5:
        return `try { ${this.#statements(2, depth - 1)} if (${e()}) throw f(${e()}) } catch (error: any) { log(error instanceof TypeError ? "TypeError" : error) } finally { ${this.#simple()} }\n`;
      case 6: {
        const name = `v${this.#count++}`;
        const text = `${pick(this.#random, ['let', 'var'])} ${name}: any = ${e()}${this.#end()}`;
        this.#names.push(name);
        return text;
      }
      case 7: {
        const name = `f${this.#count++}`;
        const before = this.#inGenerator;
        this.#inGenerator = false;
        const text = `const ${name} = (p: any = ${e()}, ...q: any[]): any => ${this.#is(0.5) ? `(${e()})` : `{ ${this.#statements(2, depth - 1)} return ${e()} }`}; log(${name}(${this.#is(0.5) ? e() : ''}));\n`;
        this.#inGenerator = before;
        return text;
      }
      case 8: {
        const name = `g${this.#count++}`;
        const before = this.#inGenerator;
        this.#inGenerator = true;
        const text = `const ${name} = function* (): any { ${this.#statements(2, depth - 1)} return ${e()} }; for (const y of ${name}()) log("y", y);\n`;
        this.#inGenerator = before;
        return text;
      }
      case 9:
        return `do ${block()} while (fuel-- > 0 && ${this.#operand(2)});\n`;
      default:
        return this.#simple() + this.#end();
    }
  }

  #with(name: string, depth: number): string {
    this.#names.push(name);
    const text = this.#statements(3, depth - 1);
    this.#names.splice(this.#names.indexOf(name), 1);
    return text;
  }

  #simple(): string {
    const e = () => this.#expression(3);
    switch (Math.floor(this.#random() * 8)) {
      case 0:
        return `log(${e()})`;
      case 1:
        return `${this.#operand(2)} ${pick(this.#random, ['||', '&&', '??'])} log(${e()})`.replace(
          /^(?=[{[(`/+-])/,
          'void ',
        );
      case 2:
        return `${pick(this.#random, ['[n, s] = [s, n]', '[a[0], a[1]] = [a[1], a[0]]', '({ x: n = 4, y: a[2] } = o)', '[u = f(3)] = []'])}`;
      case 3:
        return pick(this.#random, [
          'n++',
          '++n',
          '--s',
          'u--',
          'o.x++',
          '++o.y',
          'a[1]++',
          '--a[f(0)]',
          'o.g++',
          'f(o).x--',
        ]);
      default:
        return this.#assignment(2);
    }
  }

  #assignment(depth: number): string {
    const operator = pick(this.#random, [
      '=',
      '=',
      '+=',
      '-=',
      '*=',
      '/=',
      '%=',
      '**=',
      '|=',
      '&=',
      '^=',
      '<<=',
      '>>=',
      '>>>=',
      '||=',
      '&&=',
      '??=',
    ]);
    return `${this.#target(depth)} ${operator} ${this.#expression(depth)}`;
  }

  #target(depth: number): string {
    const key = () => pick(this.#random, ['0', '1', 'f(2)', '"x"', 'f("y")', 'f(0, 1)']);
    return pick(this.#random, [
      'n',
      's',
      'u',
      'b',
      'o.x',
      'o.z.x',
      'f(o).y',
      'o.g',
      `a[${key()}]`,
      `o[${key()}]`,
      `f(a)[${key()}]`,
      ...(depth > 1 ? [`(o as any).x`, `a![${key()}]!`, `(f(o, ${this.#expression(1)})).x`] : []),
    ]);
  }

  #expression(depth: number): string {
    if (depth <= 0) return this.#leaf();
    const e = () => this.#expression(depth - 1);
    const p = () => this.#operand(depth - 1);
    switch (Math.floor(this.#random() * 16)) {
      case 0:
      case 1:
        return `${p()} ${pick(this.#random, ['+', '-', '*', '/', '%', '|', '&', '^', '<<', '>>', '>>>'])} ${p()}`;
      case 2:
        return `${p()}${this.#gap()}${pick(this.#random, ['+', '-', '*', '<', '>', '<=', '>=', '==', '!=', '===', '!=='])}${this.#gap()}${p()}`;
      case 3:
        return `(${e()}) ** (${e()})`;
      case 4:
        return `${p()} ${pick(this.#random, ['||', '&&'])} ${p()}`;
      case 5:
        return `(${p()} ${pick(this.#random, ['||', '&&', '??'])} (${e()}))`;
      case 6:
        return `${p()} ? ${e()} : ${e()}`;
      case 7:
        return `${pick(this.#random, ['-', '+', '!', '~', 'typeof ', 'void ', '!!', '- -'])}${p()}`;
      case 8:
        return `(${this.#assignment(depth - 1)})`;
      case 9:
        return `(${pick(this.#random, ['n++', '++n', 's--', '--u', 'o.x++', '--o.z.x', 'a[f(1)]++', '++a[0]', 'f(o).y++', 'o.g--'])})`;
      case 10:
        return `\`<\${${e()}}|\${${e()}}>\``;
      case 11:
        return `f(${e()}, ${e()})`;
      case 12:
        return pick(this.#random, [
          `[${e()}, ${e()}].${pick(this.#random, ['includes', 'indexOf'])}(${e()})`,
          `[0, ${e()}, 1].${pick(this.#random, ['some', 'filter', 'find', 'every', 'findIndex'])}((x: any) => ${this.#bound('x', depth)})`,
          `a?.filter((x: any) => ${this.#bound('x', depth)})?.${pick(this.#random, ['length', 'join("")', 'some((y: any) => y)'])}`,
          `u?.some(f(${e()}))`,
        ]);
      case 13:
        return `Math.${pick(this.#random, ['max', 'min', 'hypot', 'atan2'])}(${e()}, ${e()})`;
      case 14:
        return this.#inGenerator ? `(yield ${e()})` : `(${e()}, ${e()})`;
      default:
        return this.#leaf();
    }
  }

  #bound(name: string, depth: number): string {
    this.#names.push(name);
    const before = this.#inGenerator;
    this.#inGenerator = false;
    const text = `(${this.#expression(depth - 1)})`;
    this.#inGenerator = before;
    this.#names.splice(this.#names.indexOf(name), 1);
    return text;
  }

  #gap(): string {
    return pick(this.#random, [' ', ' ', '\n', ' /* + */ ', ' // -\n']);
  }

  #operand(depth: number): string {
    return this.#is(0.4) ? this.#leaf() : `(${this.#expression(depth)}${this.#is(0.1) ? ' as any' : ''})`;
  }

  #leaf(): string {
    if (this.#is(0.5)) return pick(this.#random, this.#names);
    return pick(this.#random, [
      '0',
      '1',
      '2.5',
      '"3"',
      '""',
      'null',
      'undefined',
      'true',
      'NaN',
      'a.length',
      'o.x',
      'a[1]',
      'o?.z?.x',
      '(-1)',
      'o["y"]',
    ]);
  }
}
