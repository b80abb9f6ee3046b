import type { SyntaxNode, Tree } from '@lezer/common';
import type { Span } from '../../annotation/annotationValue';
import type { LineMap } from '../../places/lineMap';
import { partsOf } from './syntaxTree';

/**
 * The texts that may annotate a function or class, the first one first: the comment lines directly above its first
 * decorator, those directly above the definition itself, and its docstring.
 *
 * @param statement  the definition with its decorators
 */
export function commentsOf(node: SyntaxNode, statement: SyntaxNode, tree: Tree, lines: LineMap): Span[] {
  const above = [statement, node].flatMap(({ from }, index) => {
    const block = index === 1 && statement.from === node.from ? null : commentAbove(from, tree, lines);
    return block ? [block] : [];
  });
  const docstring = docstringOf(node);
  return docstring ? [...above, docstring] : above;
}

/** The comment lines directly above the line of an offset, from the first `#` on. */
function commentAbove(offset: number, tree: Tree, lines: LineMap): Span | null {
  const below = lines.position(offset).line;
  let from: number | null = null;
  for (let line = below - 1; line > 0; line--) {
    const start = lines.offset(line, 1);
    const indent = lines.text.slice(start, lines.lineEnd(start)).search(/\S/);
    const hash = start + indent;
    // A line of a string may begin with the same character.
    const node = indent >= 0 && lines.text[hash] === '#' ? tree.resolveInner(hash, 1) : null;
    if (node?.name !== 'Comment' || node.from !== hash) break;
    from = hash;
  }
  return from === null ? null : { from, to: lines.lineEnd(lines.offset(below - 1, 1)) };
}

/** The string literal with which a body begins. */
function docstringOf(node: SyntaxNode): Span | null {
  const body = node.getChild('Body');
  const first = body && partsOf(body).find(({ name }) => name !== ':');
  const group = first?.name === 'StatementGroup' ? first.firstChild : first;
  const literal = group?.name === 'ExpressionStatement' ? group.firstChild : null;
  return literal?.name === 'String' ? { from: literal.from, to: literal.to } : null;
}
