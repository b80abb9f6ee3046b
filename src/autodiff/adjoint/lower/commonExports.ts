import type { Node, Program } from '@babel/types';
import { bare } from '../../syntax/nodes';

/**
 * The export of a CommonJS module under a name, if it is assigned once and directly: `exports.f = …`,
 * `module.exports = { f }`.
 */
export function commonExport(program: Program, name: string): Node | null {
  const found: Node[] = [];
  for (const statement of program.body) {
    if (statement.type !== 'ExpressionStatement') continue;
    const assignment = bare(statement.expression);
    if (assignment.type !== 'AssignmentExpression' || assignment.operator !== '=') continue;
    const target = bare(assignment.left);
    if (target.type !== 'MemberExpression' || target.computed) continue;
    const right = bare(assignment.right);
    if (isExports(target)) found.push(...propertyOf(right, name));
    else if (isExports(bare(target.object)) && isNamed(target.property, name)) found.push(right);
  }
  return found.length === 1 ? found[0]! : null;
}

function propertyOf(object: Node, name: string): Node[] {
  if (object.type !== 'ObjectExpression') return [];
  return object.properties.flatMap((each) => {
    if (each.type !== 'ObjectProperty' || each.computed || !isNamed(each.key, name)) return [];
    return [bare(each.value)];
  });
}

function isExports(node: Node): boolean {
  if (node.type === 'Identifier') return node.name === 'exports';
  return (
    node.type === 'MemberExpression' && isNamed(node.object, 'module') && isNamed(node.property, 'exports')
  );
}

function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}
