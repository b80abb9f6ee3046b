import type { LogicalExpression, Node } from '@babel/types';
import { bare } from '../syntax/nodes';
import { isUntraced } from './kind';
import type { Handlers, Rewrite, Use } from './rewrite';
import { endOf } from './source';
import { visitStatements } from './statements';

/** `a && b`, `a || b`: short circuit and operand are kept, `await` and `yield` stay in their function. */
function logical(rewrite: Rewrite, node: LogicalExpression, use: Use): void {
  const { operator, left, right } = node;
  if (operator === '??') {
    rewrite.visit(left);
    rewrite.visit(right, use === 'unused' ? 'unused' : 'value');
    return;
  }
  if (use !== 'value') {
    rewrite.visit(left, 'test');
    rewrite.visit(right, use);
    return;
  }
  rewrite.visit(left);
  rewrite.visit(right);
  if (isUntraced(rewrite.kinds.of(left))) return;
  const plain = bare(left);
  const name = plain.type === 'Identifier' && rewrite.scopes.bindings.has(plain) ? plain.name : null;
  const kept = name ?? rewrite.names.helper('temporary');
  const before = `(${rewrite.runtime}.truthy(${name === null ? `${kept} = ` : ''}`;
  rewrite.token(endOf(left), operator, operator === '||' ? `) ? ${kept} : ` : ') ? ');
  rewrite.wrap(node, before, operator === '||' ? ')' : ` : ${kept})`);
}

/** The operand of a switch, or of one of its cases. */
function switched(rewrite: Rewrite, node: Node | null | undefined): void {
  if (!node) return;
  rewrite.visit(node);
  if (!isUntraced(rewrite.kinds.of(node))) rewrite.wrap(node, `${rewrite.runtime}.plain(`, ')');
}

export const logic: Handlers = {
  LogicalExpression: logical,
  ConditionalExpression(rewrite, node, use) {
    rewrite.visit(node.test, 'test');
    rewrite.visit(node.consequent, use);
    rewrite.visit(node.alternate, use);
  },
  SequenceExpression(rewrite, node, use) {
    const last = node.expressions.length - 1;
    for (const [index, each] of node.expressions.entries())
      rewrite.visit(each, index === last ? use : 'unused');
  },
  ParenthesizedExpression: (rewrite, node, use) => rewrite.visit(node.expression, use),
  TSAsExpression: (rewrite, node, use) => rewrite.visit(node.expression, use),
  TSSatisfiesExpression: (rewrite, node, use) => rewrite.visit(node.expression, use),
  TSNonNullExpression: (rewrite, node, use) => rewrite.visit(node.expression, use),
  TSTypeAssertion: (rewrite, node, use) => rewrite.visit(node.expression, use),
  TSInstantiationExpression: (rewrite, node, use) => rewrite.visit(node.expression, use),
  IfStatement(rewrite, node) {
    rewrite.visit(node.test, 'test');
    rewrite.visit(node.consequent);
    rewrite.visit(node.alternate);
  },
  WhileStatement(rewrite, node) {
    rewrite.visit(node.test, 'test');
    rewrite.visit(node.body);
  },
  DoWhileStatement(rewrite, node) {
    rewrite.visit(node.body);
    rewrite.visit(node.test, 'test');
  },
  SwitchStatement(rewrite, node) {
    switched(rewrite, node.discriminant);
    rewrite.visitAll(node.cases);
  },
  SwitchCase(rewrite, node) {
    switched(rewrite, node.test);
    visitStatements(rewrite, node.consequent);
  },
};
