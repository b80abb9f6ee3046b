import type { Node } from '@babel/types';
import { isFunction, walk } from '../../../../../autodiff/syntax/nodes';
import type { Binding } from '../../../../../autodiff/syntax/scopes';
import type { Code } from '../code';
import type { Tree } from '../tree';

/**
 * The nodes that may run while the module is loaded: code outside of functions, callbacks in it, and every declaration that such code
 * mentions, because it may call it. Data that these use are an input of other data, and not only of the loss.
 *
 * @param exported  whether another module may call what this one exports while it is loaded
 */
export function runsAtLoad(code: Code, tree: Tree, exported: boolean): (node: Node) => boolean {
  const { bindings } = code.scopes;
  const called = new Set<Node>();
  const waiting: Node[] = [];
  const call = (declaration: Node) => {
    if (called.has(declaration)) return;
    called.add(declaration);
    waiting.push(declaration);
  };
  const mention = (node: Node) => {
    const binding = bindings.get(node);
    if (binding?.isModule && holdsCode(binding)) call(binding.declaration);
  };
  for (const node of tree.nodes) {
    if (exported && isExported(node, tree)) call(node);
    if (node.type === 'Identifier' && !tree.isInFunction(node) && !isExport(node, tree)) mention(node);
  }
  for (let next = waiting.pop(); next; next = waiting.pop())
    walk(next, (node) => {
      if (node.type === 'Identifier') mention(node);
      return undefined;
    });
  return (node) => {
    if (!tree.isInFunction(node)) return true;
    for (let each: Node | null = node; each; each = tree.parentOf(each)) if (called.has(each)) return true;
    return false;
  };
}

/** Functions, classes, and variables whose value contains a function. */
function holdsCode({ kind, declaration }: Binding): boolean {
  if (kind === 'function') return true;
  if (declaration.type === 'ClassDeclaration') return true;
  if (declaration.type !== 'VariableDeclarator' || !declaration.init) return false;
  let found = false;
  walk(declaration.init, (node) => {
    // A function that is called at once, or is a callback, makes the value, and is no part of it.
    if (node.type === 'CallExpression') return false;
    if (isFunction(node)) found = true;
    return !found;
  });
  return found;
}

/** A name in its own declaration, in an export, or in an assignment to the exports of a CommonJS module. */
function isExport(node: Node, tree: Tree): boolean {
  const parent = tree.parentOf(node);
  if (!parent) return true;
  if ('id' in parent && parent.id === node) return true;
  for (let each: Node | null = parent; each; each = tree.parentOf(each)) {
    if (each.type === 'ExportSpecifier' || each.type === 'ImportDeclaration') return true;
    if (each.type === 'ExportDefaultDeclaration') return each.declaration === node;
    if (each.type === 'AssignmentExpression') return toExports(each.left);
    if (each.type === 'CallExpression' || each.type === 'NewExpression') return false;
  }
  return false;
}

/** `module.exports`, `exports.x`, and members of them. */
function toExports(node: Node): boolean {
  if (node.type === 'Identifier') return node.name === 'exports';
  if (node.type !== 'MemberExpression') return false;
  const { object, property } = node;
  const isModule = object.type === 'Identifier' && object.name === 'module';
  return isModule ? property.type === 'Identifier' && property.name === 'exports' : toExports(object);
}

/** A function or class of an export. */
function isExported(node: Node, tree: Tree): boolean {
  return tree.parentOf(node)?.type.startsWith('Export') === true && node.type !== 'Identifier';
}
