import type { SyntaxNode } from '@lezer/common';
import { itemsOf, lastNameIn, partsOf, stringIn, unwrapped } from './syntaxTree';

/** Functions that make an array of their first argument. */
const arrayMakers = new Set([
  'array',
  'asarray',
  'tensor',
  'as_tensor',
  'Tensor',
  'DoubleTensor',
  'FloatTensor',
  'Parameter',
]);
const lists = new Set(['ArrayExpression', 'TupleExpression']);
/** Lists may be nested. A deeper one is not written by hand. */
const deepest = 20;

/** The number of numbers in a literal, `[1, 2]`, `{"a": 1}` or `np.array([[1, 2], [3, 4]])`; null if it contains anything else. */
export function lengthOfLiteral(value: SyntaxNode, text: string): number | null {
  const literal = contentOf(value, text);
  if (literal.name === 'DictionaryExpression') {
    const entries = entriesOf(literal);
    return entries.length > 0 && entries.every(([, each]) => each && isNumber(each, text))
      ? entries.length
      : null;
  }
  return lists.has(literal.name) ? countIn(literal, text, 0) : null;
}

/** The keys of a dict literal of numbers; null if it is not one. */
export function keysOfLiteral(value: SyntaxNode, text: string): string[] | null {
  const literal = contentOf(value, text);
  if (literal.name !== 'DictionaryExpression') return null;
  const keys: string[] = [];
  for (const [key, each] of entriesOf(literal)) {
    const name = key && stringIn(key, text);
    // A value that is an array or a dict gives its numbers names of their own.
    if (name === null || name === undefined || !each || !isNumber(each, text)) return null;
    keys.push(name);
  }
  return keys;
}

/** The literal in `np.array(…)`, or the value itself. */
function contentOf(value: SyntaxNode, text: string): SyntaxNode {
  let node = unwrapped(value);
  for (let depth = 0; node.name === 'CallExpression' && depth < deepest; depth++) {
    const [callee, args] = partsOf(node);
    const name = callee && lastNameIn(callee, text);
    const [argument] = args ? (itemsOf(partsOf(args))[0] ?? []) : [];
    if (!name || !arrayMakers.has(name) || !argument) break;
    node = unwrapped(argument);
  }
  return node;
}

function entriesOf(literal: SyntaxNode): [SyntaxNode | undefined, SyntaxNode | undefined][] {
  return itemsOf(partsOf(literal)).map(([key, colon, value]) =>
    colon?.name === ':' ? [key, value] : [undefined, undefined],
  );
}

function countIn(list: SyntaxNode, text: string, depth: number): number | null {
  if (depth > deepest) return null;
  let count = 0;
  for (const [item, ...more] of itemsOf(partsOf(list))) {
    if (!item || more.length > 0) return null;
    const own = lists.has(item.name) ? countIn(item, text, depth + 1) : isNumber(item, text) ? 1 : null;
    if (own === null) return null;
    count += own;
  }
  return count;
}

function isNumber(node: SyntaxNode, text: string): boolean {
  if (node.name !== 'Number' && node.name !== 'UnaryExpression') return false;
  return Number.isFinite(Number(text.slice(node.from, node.to).replace(/[\s_]/g, '')));
}
