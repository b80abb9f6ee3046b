import type { Node } from '@babel/types';
import type { Origin } from '../../../../core/diagnosis/finding';
import { type Code, isNumber, type Recogniser, type Replacement } from './code';

/** The constant of a guard, and another one: the result of a run must not depend on it. */
const constant = '1e-12';
const other = '1e-9';

type Guard = (
  node: Node,
  code: Code,
  constant: string,
) => { readonly title: string; readonly text: string; readonly binds: Replacement['binds'] } | null;

/** A guard for the domain of the operation that made a value or derivative that is not finite. */
export function guardFor(origin: Origin): Recogniser {
  return (node, code) => {
    for (const guard of [functionGuard, powerGuard, ...(isDivisionByZero(origin) ? [divisionGuard] : [])]) {
      const made = guard(node, code, constant);
      if (!made) continue;
      return { ...made, node, meaning: { kind: 'guard', otherwise: guard(node, code, other)!.text } };
    }
    return null;
  };
}

const guarded = ['log', 'log2', 'log10', 'sqrt'] as const;

const functionGuard: Guard = (node, code, constant) => {
  for (const name of guarded) {
    const x = code.mathArgument(node, name);
    if (x)
      return {
        title: `guard: Math.${name} of at least ${constant}`,
        text: `Math.${name}(Math.max(${code.text(x)}, ${constant}))`,
        binds: 'call',
      };
  }
  return null;
};

/** A power with an exponent that is not an integer. */
const powerGuard: Guard = (node, code, constant) => {
  const title = `guard: base of the power at least ${constant}`;
  if (node.type === 'BinaryExpression' && node.operator === '**' && isFraction(node.right)) {
    const exponent = code.slice(node.right.start!, node.right.end!);
    return { title, text: `Math.max(${code.text(node.left)}, ${constant}) ** ${exponent}`, binds: 'loosely' };
  }
  const given = code.mathCall(node, 'pow');
  if (given?.length !== 2 || !isFraction(given[1]!)) return null;
  const [base, exponent] = given as [Node, Node];
  return {
    title,
    text: `Math.pow(Math.max(${code.text(base)}, ${constant}), ${code.text(exponent)})`,
    binds: 'call',
  };
};

function isFraction(node: Node): boolean {
  return node.type === 'NumericLiteral' && !isNumber(node, Math.round(node.value));
}

const divisionGuard: Guard = (node, code, constant) => {
  if (node.type !== 'BinaryExpression' || node.operator !== '/') return null;
  const dividend = code.slice(node.start!, node.right.start!);
  return {
    title: `guard: ${constant} added to the divisor`,
    text: `${dividend}(${code.text(node.right)} + ${constant})`,
    binds: 'loosely',
  };
};

function isDivisionByZero(origin: Origin): boolean {
  return 'inputs' in origin && Number(origin.inputs.at(-1)) === 0;
}
