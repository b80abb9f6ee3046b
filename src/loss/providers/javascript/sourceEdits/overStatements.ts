import type { ArrowFunctionExpression, Expression, Identifier, Node } from '@babel/types';
import { bare, evaluatedChildren } from '../../../../autodiff/syntax/nodes';
import { type Code, isNumber, type Replacement } from './code';
import { constantOf } from './logistic';
import { called, freshName } from './sameForms';
import type { Tree } from './tree';

/** A log-sum-exp whose parts are constants, and the expressions of these parts. */
export interface LogOfConstants {
  readonly replacement: Replacement;
  readonly sources: readonly Node[];
}

interface Facts {
  readonly code: Code;
  readonly tree: Tree;
}

/** The functions of lists that change nothing. */
const harmless: ReadonlySet<string> = new Set(['map', 'reduce', 'forEach', 'slice', 'length', 'at', 'some']);

/**
 * `const e = z.map(Math.exp); const s = e.reduce((a, b) => a + b, 0); … Math.log(s)`: each part may be such a constant or stand in its
 * place. The logarithm alone is replaced, and computes its sum from the list z. The list has to be a constant of the function that
 * nothing changes. A sum that a loop collects is left alone: the replacement would need other statements.
 */
export function logOfConstants(node: Node, code: Code, tree: Tree): LogOfConstants | null {
  const argument = code.mathArgument(node, 'log');
  const sources: Node[] = [];
  const sum = argument && partOf(argument, { code, tree }, sources);
  const reduced = sum && callOf(sum, 'reduce');
  if (reduced?.arguments.length !== 2 || !isNumber(reduced.arguments[1]!, 0)) return null;
  const [callback] = reduced.arguments as [Node];
  const exponentials = isSum(callback) ? partOf(reduced.list, { code, tree }, sources) : null;
  const mapped = exponentials && callOf(exponentials, 'map');
  if (mapped?.arguments.length !== 1) return null;
  // Without constants, the form is that of one expression.
  if (sources.length === 0) return null;
  const list = bare(mapped.list);
  if (list.type !== 'Identifier' || !isSteady(list, { code, tree })) return null;
  const replacement = replaced(node, list, mapped.arguments[0]!, { code, tree });
  return replacement && { replacement, sources };
}

/** The value of a constant, which is added to the sources; another expression as it is. */
function partOf(node: Node, facts: Facts, sources: Node[]): Node {
  const inner = bare(node);
  const constant = inner.type === 'Identifier' ? constantOf(inner, facts.code) : null;
  if (!constant || !isSteady(inner as Identifier, facts)) return inner;
  sources.push(constant.value);
  return bare(constant.value);
}

function callOf(
  node: Node,
  name: string,
): { readonly list: Node; readonly arguments: readonly Node[] } | null {
  const call = bare(node);
  if (call.type !== 'CallExpression') return null;
  const callee = bare(call.callee);
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
    return null;
  return callee.property.name === name ? { list: callee.object, arguments: call.arguments } : null;
}

/** `(a, b) => a + b` */
function isSum(node: Node): boolean {
  if (node.type !== 'ArrowFunctionExpression' || node.params.length !== 2) return false;
  const body = bare(node.body);
  const names = node.params.map((each) => (each.type === 'Identifier' ? each.name : ''));
  if (body.type !== 'BinaryExpression' || body.operator !== '+') return false;
  const added = [body.left, body.right].map((each) => (each.type === 'Identifier' ? each.name : null));
  return names.every((name) => name !== '' && added.includes(name));
}

/** Whether a list is never assigned again, and is only read: by index, in a spread, and by functions that change nothing. */
function isSteady(list: Identifier, { code, tree }: Facts): boolean {
  const binding = code.scopes.bindings.get(list);
  if (!binding || binding.isModule || binding.assignments.length > 0) return false;
  return [...code.scopes.bindings].every(([node, each]) => {
    if (each !== binding) return each.name !== binding.name || !isWithin(node, binding.owner ?? code.program);
    const parent = tree.parentOf(node);
    switch (parent?.type) {
      case 'MemberExpression': {
        if (parent.object !== node) return true;
        const around = tree.parentOf(parent);
        if (around?.type === 'AssignmentExpression' && around.left === parent) return false;
        if (around?.type === 'UpdateExpression') return false;
        return (
          parent.computed || (parent.property.type === 'Identifier' && harmless.has(parent.property.name))
        );
      }
      case 'CallExpression':
        return isMath(parent.callee);
      case 'ArrayExpression':
      case 'ObjectProperty':
      case 'AssignmentExpression':
      case 'ReturnStatement':
        return false;
      case 'VariableDeclarator':
        // An alias may be changed.
        return parent.id === node;
      default:
        return true;
    }
  });
}

function isWithin(inner: Node, outer: Node): boolean {
  return outer.start! <= inner.start! && inner.end! <= outer.end!;
}

function isMath(callee: Node): boolean {
  return (
    callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'Math'
  );
}

/** The whole from the list and the callback of `map`, which is `Math.exp` or `(x) => Math.exp(…)`. */
function replaced(node: Node, list: Identifier, callback: Node, facts: Facts): Replacement | null {
  const { code } = facts;
  const name = (wanted: string) => freshName(wanted, [list, callback], code);
  const [max, sum] = [name('max'), name('sum')];
  if (isMath(callback)) {
    const isExp = (callback as { property?: { name?: string } }).property?.name === 'exp';
    if (!isExp || code.scopes.bindings.has((callback as { object: Node }).object)) return null;
    const x = name('x');
    const inner = `${list.name}.reduce((${sum}, ${x}) => ${sum} + Math.exp(${x} - ${max}), 0)`;
    return called(node, max, `${max} + Math.log(${inner})`, `Math.max(...${list.name})`, code);
  }
  const exponent = exponentOf(callback, facts);
  if (!exponent) return null;
  const parameters = (callback as ArrowFunctionExpression).params
    .map((each) => code.slice(each.start!, each.end!))
    .join(', ');
  const inner = `${list.name}.reduce((${sum}, ${parameters}) => ${sum} + Math.exp(${code.operand(exponent)} - ${max}), 0)`;
  const all = `${list.name}.map((${parameters}) => ${code.operand(exponent)})`;
  return called(node, max, `${max} + Math.log(${inner})`, `Math.max(...${all})`, code);
}

/** The exponent of `(x) => Math.exp(exponent)`, whose names do not change. */
function exponentOf(callback: Node, facts: Facts): Expression | null {
  if (callback.type !== 'ArrowFunctionExpression' || callback.async || callback.params.length > 2)
    return null;
  const { code } = facts;
  const exponent = code.mathArgument(callback.body, 'exp');
  return exponent && code.isRepeatable(exponent) && namesAreConstant(exponent, callback, facts)
    ? exponent
    : null;
}

/** Whether the names of an expression are those of the callback's parameters, or steady. */
function namesAreConstant(node: Node, callback: Node, facts: Facts): boolean {
  if (node.type === 'Identifier') {
    const binding = facts.code.scopes.bindings.get(node);
    return !binding || binding.owner === callback || isSteady(node, facts);
  }
  return evaluatedChildren(node).every((child) => namesAreConstant(child, callback, facts));
}
