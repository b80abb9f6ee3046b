import type { Expression, Node } from '@babel/types';
import { bare } from '../../../../autodiff/syntax/nodes';
import { type Code, isNumber, type Recogniser } from './code';
import { softplus } from './sameForms';

/**
 * `Math.log(p)` and `Math.log(1 - p)`, where p is the logistic function 1/(1 + exp(-z)): p rounds to 0 or 1, although its
 * logarithm is moderate. With log p = -log(1 + exp(-z)) and log(1 - p) = -log(1 + exp(z)), nothing rounds.
 */
export const logOfLogistic: Recogniser = (node, code) => {
  const argument = code.mathArgument(node, 'log');
  if (!argument) return null;
  const difference = bare(argument);
  const isComplement =
    difference.type === 'BinaryExpression' && difference.operator === '-' && isNumber(difference.left, 1);
  const z = logitOf(isComplement ? difference.right : argument, code);
  if (!z) return null;
  const [x, negative] = [z.text, z.negative];
  return {
    node,
    title: 'logarithm of the logistic function without rounding',
    text: isComplement ? `-(${softplus(x, negative)})` : `-(${softplus(negative, x)})`,
    binds: 'unary',
    meaning: { kind: 'same' },
  };
};

interface Logit {
  /** Binds at least as tightly as a unary operator. */
  readonly text: string;
  readonly negative: string;
}

/** The z of 1/(1 + exp(-z)): written there, behind a constant, or in a function of one parameter. */
function logitOf(node: Node, code: Code): Logit | null {
  const p = bare(node);
  if (p.type === 'Identifier') {
    const constant = constantOf(p, code);
    const logit = constant && logitOf(constant.value, code);
    return logit && code.isUnchanged(constant!.value, constant!.declaration, p) ? logit : null;
  }
  const exponent = negatedLogit(p, code);
  if (exponent) return code.isRepeatable(exponent) ? ofExponent(exponent, code) : null;
  if (p.type !== 'CallExpression' || p.arguments.length !== 1) return null;
  const [z] = p.arguments as [Node];
  return isLogisticFunction(p.callee, code) && code.isRepeatable(z)
    ? { text: code.operand(z), negative: code.negative(z) }
    : null;
}

/** The z of exp(-z), given -z. */
function ofExponent(exponent: Expression, code: Code): Logit {
  return { text: code.negative(exponent), negative: code.text(exponent) };
}

/** The exponent of `1 / (1 + Math.exp(exponent))`. */
function negatedLogit(node: Node, code: Code): Expression | null {
  const quotient = bare(node);
  if (quotient.type !== 'BinaryExpression' || quotient.operator !== '/' || !isNumber(quotient.left, 1))
    return null;
  const sum = bare(quotient.right);
  if (sum.type !== 'BinaryExpression' || sum.operator !== '+') return null;
  if (isNumber(sum.left, 1)) return code.mathArgument(sum.right, 'exp');
  return isNumber(sum.right, 1) ? code.mathArgument(sum.left, 'exp') : null;
}

/** Whether a name is a function of the module `(t) => 1 / (1 + Math.exp(-t))`. */
function isLogisticFunction(callee: Node, code: Code): boolean {
  const binding = code.scopes.bindings.get(callee);
  if (!binding || binding.assignments.length > 0) return false;
  const { declaration } = binding;
  const made = declaration.type === 'VariableDeclarator' ? declaration.init : declaration;
  if (made?.type !== 'FunctionDeclaration' && made?.type !== 'ArrowFunctionExpression') return false;
  if (made.async || made.generator || made.params.length !== 1) return false;
  const [parameter] = made.params;
  const [only, ...others] = made.body.type === 'BlockStatement' ? made.body.body : [];
  const result =
    made.body.type === 'BlockStatement'
      ? only?.type === 'ReturnStatement'
        ? only.argument
        : null
      : made.body;
  const exponent = result && others.length === 0 ? negatedLogit(result, code) : null;
  const negated = exponent && bare(exponent);
  if (negated?.type !== 'UnaryExpression' || negated.operator !== '-') return false;
  const t = bare(negated.argument);
  return t.type === 'Identifier' && parameter?.type === 'Identifier' && t.name === parameter.name;
}

/** The declaration of a variable that is never assigned again, and its value. */
export function constantOf(
  name: Node,
  code: Code,
): { readonly declaration: Node; readonly value: Expression } | null {
  const binding = code.scopes.bindings.get(name);
  if (binding?.kind !== 'variable' || binding.assignments.length > 0) return null;
  const { declaration } = binding;
  if (declaration.type !== 'VariableDeclarator' || declaration.id.type !== 'Identifier') return null;
  return declaration.init ? { declaration, value: declaration.init } : null;
}
