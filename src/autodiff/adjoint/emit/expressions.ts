import { rules } from '../../rules';
import type { LocalArray, Slot, Temp } from '../ir';

/** The names in the generated code: a prefix that the module does not use, followed by the kind of value. */
export class Names {
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  value({ op, id }: Temp): string {
    return op.type === 'text' ? op.text : `${this.prefix}t${id}`;
  }

  slot({ id }: Slot): string {
    return `${this.prefix}s${id}`;
  }

  array({ id, form }: LocalArray): string {
    return form.type === 'parameters' ? `${this.prefix}params` : `${this.prefix}a${id}`;
  }

  /** The generated expression that computes a value from its operands. */
  expression(temp: Temp): string {
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
        return `${this.array(op.array)}[${this.value(op.index)}]`;
      case 'length':
        return `${this.array(op.array)}.length`;
      case 'phi':
      case 'counter':
      case 'end':
        throw new Error(`a ${op.type} is no expression`);
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
    if (args.length <= 2) return inline(rules[name].partials[k]!, texts[0]!, texts[1] ?? '', result);
    if (name === 'hypot') return `${result} === 0 ? 0 : ${texts[k]} / ${result}`;
    const equal = texts.map((text) => `(${text} === ${result} ? 1 : 0)`).join(' + ');
    return `${texts[k]} === ${result} ? 1 / (${equal}) : ${result} === ${result} ? 0 : NaN`;
  }
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
