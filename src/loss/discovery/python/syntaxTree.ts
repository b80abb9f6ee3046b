import type { PartialParse, SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/python';

/** Starts an incremental parse: each call of `advance` parses a part of the text. */
export function startPythonParse(text: string): PartialParse {
  return parser.startParse(readable(text));
}

/** Parses a text, which may be incomplete. Never throws. */
export function parsePython(text: string): Tree {
  return parser.parse(readable(text));
}

/**
 * The text without what the grammar cannot read. The offsets do not change. A byte order mark or a form feed before a
 * statement becomes a line break, because a space would indent the statement.
 */
function readable(text: string): string {
  return text
    .replace(/^\uFEFF/, '\n')
    .replace(/^([ \t]*)\f/gm, '$1\n')
    .replaceAll('\f', ' ')
    .replace(pointAtEnd, '$10');
}

/** `1.`, which the grammar reads as an access to a member. */
const pointAtEnd = /(?<![\w.])(\d[\d_]*)\.(?![\w.])/g;

/** The children of a node, without comments. */
export function partsOf(node: SyntaxNode): SyntaxNode[] {
  const parts: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (child.name !== 'Comment') parts.push(child);
  return parts;
}

/** The nodes between the commas of a list, without its brackets. */
export function itemsOf(nodes: readonly SyntaxNode[]): SyntaxNode[][] {
  const items: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === ',') items.push([]);
    else if (!brackets.has(node.name) && !node.type.isError) items.at(-1)!.push(node);
  }
  if (items.at(-1)!.length === 0) items.pop();
  return items;
}

const brackets = new Set(['(', ')', '[', ']', '{', '}']);

/** The expression inside parentheses. */
export function unwrapped(node: SyntaxNode): SyntaxNode {
  let inner = node;
  while (inner.name === 'ParenthesizedExpression') {
    const next = partsOf(inner).find(({ name, type }) => !brackets.has(name) && !type.isError);
    if (!next) break;
    inner = next;
  }
  return inner;
}

/** The value of a string literal without escapes; null for another expression. */
export function stringIn(node: SyntaxNode, text: string): string | null {
  if (node.name !== 'String') return null;
  const [, , content] = /^[rRuU]?('''|"""|'|")(.*)\1$/s.exec(text.slice(node.from, node.to)) ?? [];
  return content === undefined || content.includes('\\') ? null : content;
}

/** The last name of `f`, `a.f` and `a.b.f`; null for another expression. */
export function lastNameIn(node: SyntaxNode, text: string): string | null {
  if (node.name === 'VariableName') return text.slice(node.from, node.to);
  if (node.name !== 'MemberExpression') return null;
  const last = partsOf(node).at(-1);
  return last?.name === 'PropertyName' ? text.slice(last.from, last.to) : null;
}
