import { rules } from '../../rules';
import { isNothing, type Slot, type Temp } from '../ir';
import { elements, rootOf, type Shape } from '../shapes';

/** Writes the call that checks whether data are as a shape says. */
export interface Checks {
  check(shape: Shape, data: string): string;
}

/** The names in the generated code: a prefix that the module does not use, followed by the kind of value. */
export class Names {
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  value({ op, id }: Temp): string {
    if (op.type === 'text') return op.text;
    return isParameters(op) ? `${this.prefix}params` : `${this.prefix}t${id}`;
  }

  /** The adjoints or tangents of an object. */
  shadow({ op, id }: Temp, suffix: string): string {
    return isParameters(op) ? `${this.prefix}grad` : `${this.prefix}h${id}${suffix}`;
  }

  slotShadow({ id }: Slot, suffix: string): string {
    return `${this.prefix}s${id}h${suffix}`;
  }

  slot({ id }: Slot): string {
    return `${this.prefix}s${id}`;
  }

  /** An element or field, of an object or of its adjoints. */
  member(object: string, key: string, index: Temp | null): string {
    return key === elements && index ? `${object}[${this.value(index)}]` : fieldText(object, key);
  }

  /** The generated expression that computes a value from its operands. */
  expression(temp: Temp, adoption?: Checks): string {
    const { op } = temp;
    switch (op.type) {
      case 'text':
        return op.text;
      case 'plain':
        return op.parts.reduce(
          (text, part, k) => text + part + (k < op.args.length ? this.value(op.args[k]!) : ''),
          '',
        );
      case 'rule':
        return this.#rule(temp);
      case 'read':
        return this.slot(op.slot);
      case 'load':
        return this.member(this.value(op.object), op.key, op.index);
      case 'length':
        return `${this.value(op.object)}.length`;
      case 'make':
        return this.#made(temp);
      case 'adopt':
        if (isNothing(op.data)) return this.value(op.data);
        if (!adoption) throw new Error('data are adopted only once');
        return adoption.check(temp.shape!, this.value(op.data));
      case 'phi':
      case 'counter':
      case 'end':
        throw new Error(`a ${op.type} is no expression`);
    }
  }

  #made({ op, shape }: Temp): string {
    if (op.type !== 'make') throw new Error('not made');
    const { form } = op;
    switch (form.type) {
      case 'parameters':
        return `${this.prefix}params`;
      case 'typed':
        return `new ${form.constructor}(${this.value(form.length)})`;
      case 'sized':
        return `new Array(${this.value(form.length)})${form.fill ? `.fill(${this.value(form.fill)})` : ''}`;
      case 'list':
        return `[${form.items.map((item) => this.value(item)).join(', ')}]`;
      case 'record': {
        const spread = form.spread ? [`...${this.value(form.spread)}`] : [];
        const given = [...form.fields].map(([name, value]) => `${keyText(name)}: ${this.value(value)}`);
        const others = form.spread
          ? []
          : [...rootOf(shape!).cells.keys()]
              .filter((name) => !form.fields.has(name))
              .map((name) => `${keyText(name)}: undefined`);
        return `{ ${[...spread, ...given, ...others].join(', ')} }`;
      }
    }
  }

  #rule(temp: Temp): string {
    if (temp.op.type !== 'rule') throw new Error('not a rule');
    const { name, args } = temp.op;
    const texts = args.map((arg) => this.value(arg));
    if (args.length > 2) return `Math.${name}(${texts.join(', ')})`;
    // Text plus a number is text, but only numbers can be differentiated.
    if (name === 'add' && temp.isActive)
      for (const [k, arg] of args.entries())
        if (arg.kind === 'any') texts[k] = `${this.prefix}number(${texts[k]})`;
    return inline(rules[name].value, texts[0]!, texts[1] ?? '', '');
  }

  /** The partial derivative with respect to argument k. */
  partial(temp: Temp, k: number): string {
    if (temp.op.type !== 'rule') throw new Error('not a rule');
    const { name, args } = temp.op;
    const texts = args.map((arg) => this.value(arg));
    const result = this.value(temp);
    const tied = `${this.prefix}tied()`;
    if (args.length <= 2)
      return inline(rules[name].partials[k]!, texts[0]!, texts[1] ?? '', result).replace(
        /\btie\b/,
        () => tied,
      );
    if (name === 'hypot') return `${result} === 0 ? ${tied} : ${texts[k]} / ${result}`;
    const equal = texts.map((text) => `(${text} === ${result} ? 1 : 0)`).join(' + ');
    return `${texts[k]} === ${result} ? (${equal} === 1 ? 1 : ${tied}) : ${result} === ${result} ? 0 : NaN`;
  }
}

function isParameters(op: Temp['op']): boolean {
  return op.type === 'make' && op.form.type === 'parameters';
}

/** A field in an object literal. */
export function keyText(key: string): string {
  return key.startsWith('#') ? JSON.stringify(key) : key;
}

export function fieldText(object: string, key: string): string {
  return /^[#\d]/.test(key) ? `${object}[${JSON.stringify(key)}]` : `${object}.${key}`;
}

/** Inserts the operands and the result into an expression of the derivative table. */
function inline(text: string, a: string, b: string, r: string): string {
  const values: Readonly<Record<string, string>> = { a, b, r };
  return decided(text, b).replace(/(?<![\w$.])[abr](?![\w$])/g, (name) => values[name]!);
}

/** If an expression tests a literal operand (`b === 2 ? … : …`), returns only the branch that applies. */
function decided(text: string, b: string): string {
  const question = /^b === (\d+) \? ([^?:]+) : (.+)$/.exec(text);
  if (!question || !/^\(?-?\d/.test(b)) return text;
  const [, asked, yes, no] = question;
  return Number(b.replace(/[()]/g, '')) === Number(asked) ? yes! : decided(no!, b);
}
