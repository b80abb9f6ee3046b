import type { Node } from '@babel/types';
import { childNodes, isFunction } from '../../../autodiff/syntax/nodes';
import type { UserFunction } from './callArguments';
import { parseModule } from './load/parseModule';

// Captured, because the user's code may replace them.
const { apply } = Reflect;
const textOf = Function.prototype.toString;

/**
 * Whether a function does nothing with its first parameter w but to read w[i] and w.length while it runs. Then it can neither change the
 * vector nor keep it, so that it needs no copy of its own. Every other use of the name, and any use in a nested function, which may be
 * called later, counts as one that needs a copy.
 */
export function onlyReadsElements(target: UserFunction): boolean {
  const made = functionOf(target);
  if (!made || made.async || ('generator' in made && made.generator)) return false;
  const [first, ...others] = made.params;
  if (first?.type !== 'Identifier') return false;
  const { name } = first;
  return [...others, made.body].every((part) => isHarmless(part, name));
}

function functionOf(target: UserFunction) {
  let text: unknown;
  try {
    text = apply(textOf, target, []);
  } catch {
    return null;
  }
  // The text of a native function, and of a method, is no expression.
  const { module, problems } = parseModule(`(${text as string})`, 'loss.mjs');
  if (!module || problems.length > 0) return null;
  const { body, directives } = module.program;
  const [statement] = body;
  if (body.length !== 1 || directives.length > 0 || statement?.type !== 'ExpressionStatement') return null;
  let { expression } = statement;
  if (expression.type === 'ParenthesizedExpression') ({ expression } = expression);
  return expression.type === 'ArrowFunctionExpression' || expression.type === 'FunctionExpression'
    ? expression
    : null;
}

/** The first child of these is assigned to, or called: a method gets its object, too. */
const withTarget: ReadonlySet<Node['type']> = new Set([
  'AssignmentExpression',
  'UpdateExpression',
  'ForInStatement',
  'ForOfStatement',
  'CallExpression',
  'OptionalCallExpression',
  'NewExpression',
  'TaggedTemplateExpression',
] satisfies Node['type'][]);

function isHarmless(node: Node, name: string): boolean {
  if (node.type === 'Identifier')
    return node.name !== name && node.name !== 'arguments' && node.name !== 'eval';
  if (isFunction(node) || node.type.startsWith('Class')) return !mentions(node, name);
  if (node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === name)
    return node.computed
      ? isNumberIndex(node.property) && isHarmless(node.property, name)
      : node.property.type === 'Identifier' && node.property.name === 'length';
  if (withTarget.has(node.type)) {
    const [target, ...rest] = childNodes(node);
    return !mentions(target!, name) && rest.every((child) => isHarmless(child, name));
  }
  if (node.type === 'MemberExpression' && !node.computed) return isHarmless(node.object, name);
  return childNodes(node).every((child) => isHarmless(child, name));
}

/** A name other than an index, such as "buffer", would give more than an element. */
function isNumberIndex({ type }: Node): boolean {
  return type !== 'StringLiteral' && type !== 'TemplateLiteral';
}

function mentions(node: Node, name: string): boolean {
  if (node.type === 'Identifier')
    return node.name === name || node.name === 'arguments' || node.name === 'eval';
  return childNodes(node).some((child) => mentions(child, name));
}
