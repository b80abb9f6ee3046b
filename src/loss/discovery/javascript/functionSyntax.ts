import type { SyntaxNode } from '@lezer/common';
import { childrenOf, isComment, isPunctuation, nameIn, unwrapped } from './syntaxTree';

const functionNodes = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunction',
  'MethodDeclaration',
  'Property',
]);

function isFunctionNode(node: SyntaxNode): boolean {
  return functionNodes.has(node.name) && node.getChild('ParamList') !== null;
}

/** The function inside parentheses and type assertions; null if the expression is not a function. */
export function functionIn(node: SyntaxNode, text: string): SyntaxNode | null {
  const inner = unwrapped(node, text);
  return isFunctionNode(inner) ? inner : null;
}

export function isGenerator(node: SyntaxNode): boolean {
  return node.getChild('Star') !== null;
}

/** Whether a function has a body. An overload signature has none. */
export function hasBody(node: SyntaxNode): boolean {
  return node.name === 'ArrowFunction' || node.getChild('Block') !== null;
}

/** The nodes of each parameter, except `this`. */
export function parametersOf(list: SyntaxNode | null, text: string): SyntaxNode[][] {
  const isThis = (nodes: SyntaxNode[]) =>
    nodes[0] !== undefined && text.slice(nodes[0].from, nodes[0].to) === 'this';
  return list ? itemsOf(list).filter((nodes) => nodes.length > 0 && !isThis(nodes)) : [];
}

/** The nodes of each element of an array pattern; an empty list for a hole. */
export function elementsOf(pattern: SyntaxNode): SyntaxNode[][] {
  const elements = itemsOf(pattern);
  if (elements.at(-1)!.length === 0) elements.pop();
  return elements;
}

/** The nodes between the commas of a list in brackets. */
function itemsOf(list: SyntaxNode): SyntaxNode[][] {
  const items: SyntaxNode[][] = [[]];
  for (const child of childrenOf(list)) {
    if (child.name === ',') items.push([]);
    else if (!isComment(child) && !isPunctuation(child)) items.at(-1)!.push(child);
  }
  return items;
}

/** The numbers in a literal, `[1, 2]` or `{ a: 1, b: 2 }`; null if it contains anything else. */
export function numbersIn(node: SyntaxNode, text: string): number[] | null {
  const literal = unwrapped(node, text);
  const values: number[] = [];
  const add = (child: SyntaxNode | undefined) => {
    const value = child ? Number(text.slice(child.from, child.to).replace(/[\s_]/g, '')) : Number.NaN;
    values.push(child?.name === 'Number' || child?.name === 'UnaryExpression' ? value : Number.NaN);
  };
  if (literal.name === 'ArrayExpression') {
    for (const child of childrenOf(literal)) if (!isPunctuation(child) && !isComment(child)) add(child);
  } else if (literal.name === 'ObjectExpression') {
    for (const property of literal.getChildren('Property'))
      add(childrenOf(property).filter((child) => !isComment(child))[2]);
  } else return null;
  return values.every(Number.isFinite) ? values : null;
}

/** The values of a start that is built of arrays: its numbers have other names than its keys. */
const structures = new Set(['ArrayExpression', 'ObjectExpression', 'NewExpression']);

/**
 * The keys of an object literal whose properties all have a key that is written out, and no array or object as value; null if it is
 * not one.
 */
export function keysIn(node: SyntaxNode, text: string): string[] | null {
  const literal = unwrapped(node, text);
  if (literal.name !== 'ObjectExpression') return null;
  const keys: string[] = [];
  for (const { firstChild } of literal.getChildren('Property')) {
    const isPlain =
      firstChild && plainKeys.has(firstChild.name) && firstChild.nextSibling?.name !== 'ParamList';
    const { lastChild: value } = firstChild?.parent ?? {};
    if (!isPlain || (value && structures.has(value.name))) return null;
    keys.push(nameIn(text.slice(firstChild.from, firstChild.to)));
  }
  return keys;
}

/** The nodes of keys that are written out. A spread, a computed key and an accessor begin with other nodes. */
const plainKeys = new Set(['PropertyDefinition', 'String', 'Number']);
