import type { SyntaxNode } from '@lezer/common';
import { partsOf } from './syntaxTree';

/** The statements of a block, also those that share a line: `a = 1; b = 2`. */
export function childStatements(block: SyntaxNode): SyntaxNode[] {
  return partsOf(block).flatMap((part) => (part.name === 'StatementGroup' ? partsOf(part) : [part]));
}

/** Whether a block only runs if the module is the program, or only for a type checker. */
export function isMainGuard(body: SyntaxNode, text: string): boolean {
  const condition = body.prevSibling;
  if (!condition || body.parent?.name !== 'IfStatement') return false;
  return neverImported.test(text.slice(condition.from, condition.to).trim());
}

const neverImported =
  /^\(?\s*(?:__name__\s*==\s*(["'])__main__\1|(["'])__main__\2\s*==\s*__name__|(?:\w+\.)?TYPE_CHECKING)\s*\)?$/;
