import type { Node } from '@babel/types';
import type { EditProposal } from '../../../../core/diagnosis/fixes';
import type { SourceEdit } from '../../../../core/sourceEdit';
import type { LineMap } from '../../../places/lineMap';
import type { Replacement } from './code';

/** The edit that replaces an expression, in parentheses where it would bind otherwise. */
export function proposalOf(
  { node, title, text, binds, meaning }: Replacement,
  parent: Node | null,
  lines: LineMap,
): EditProposal {
  const [from, to] = [node.start!, node.end!];
  const wrap = (each: string) => (isSafe(binds, parent) ? each : `(${each})`);
  const edit: SourceEdit = {
    location: lines.location(from, to),
    before: lines.text.slice(from, to),
    after: wrap(text),
    meaning: meaning.kind === 'guard' ? { ...meaning, otherwise: wrap(meaning.otherwise) } : meaning,
  };
  return { title, edit };
}

/** Whether an expression keeps its meaning at this place without parentheses. */
function isSafe(binds: Replacement['binds'], parent: Node | null): boolean {
  if (binds === 'call' || parent === null) return binds === 'call';
  switch (parent.type) {
    case 'ParenthesizedExpression':
    case 'VariableDeclarator':
    case 'ReturnStatement':
    case 'AssignmentExpression':
    case 'ArrowFunctionExpression':
    case 'CallExpression':
      return true;
    case 'BinaryExpression':
      return binds === 'unary' && (parent.operator === '*' || parent.operator === '/');
    default:
      return false;
  }
}
