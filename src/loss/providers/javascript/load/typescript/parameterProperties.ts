import type { Class, ClassMethod, Statement, TSParameterProperty } from '@babel/types';
import { walkAll } from '../../../../../autodiff/syntax/nodes';
import { endOf, type PassContext, report, startOf } from '../pass';
import { skipTrivia } from '../trivia';

/**
 * Rewrites `constructor(private x: number) {}`: removes the modifier and inserts `this.x = x;` where
 * TypeScript does, at the start of the body, or after `super()` in a derived class.
 */
export function rewriteParameterProperties(context: PassContext, node: Class): void {
  const method = node.body.body.find(
    (member): member is ClassMethod => member.type === 'ClassMethod' && member.kind === 'constructor',
  );
  const properties = method?.params.filter((param) => param.type === 'TSParameterProperty') ?? [];
  if (!method || properties.length === 0) return;
  for (const property of properties) blankModifiers(context, property);
  const names = properties.map(nameOf);
  reportEarlyReads(context, node, new Set(names));
  const at = insertionPoint(method, node.superClass != null);
  if (at === null) {
    const message = 'a derived class with parameter properties must call super() in a separate statement';
    report(context, method.key, 'unsupported-parameter-property', message);
    return;
  }
  context.edits.insert(at, `; ${names.map((name) => `this.${name} = ${name};`).join(' ')}`);
}

function nameOf({ parameter }: TSParameterProperty): string {
  const target = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
  return target.type === 'Identifier' ? target.name : '';
}

function blankModifiers({ module, edits }: PassContext, property: TSParameterProperty): void {
  const end = startOf(property.parameter);
  let at = startOf(property);
  while (at < end) {
    const word = /^[a-z]+/.exec(module.text.slice(at, end))?.[0];
    if (word === undefined) return;
    edits.blank(at, at + word.length);
    at = skipTrivia(module.text, at + word.length);
  }
}

function insertionPoint({ body }: ClassMethod, isDerived: boolean): number | null {
  if (!isDerived) {
    const last = body.directives.at(-1);
    return last ? endOf(last) : startOf(body) + 1;
  }
  const call = body.body.find(isSuperCall);
  return call ? endOf(call) : null;
}

function isSuperCall(statement: Statement): boolean {
  if (statement.type !== 'ExpressionStatement') return false;
  const { expression } = statement;
  return expression.type === 'CallExpression' && expression.callee.type === 'Super';
}

/**
 * Reports fields whose value reads a parameter property. The value of a field is computed before the body of
 * the constructor runs, so the property would still be undefined. TypeScript with an older target uses the
 * opposite order.
 */
function reportEarlyReads(context: PassContext, node: Class, names: ReadonlySet<string>): void {
  for (const member of node.body.body) {
    if (member.type !== 'ClassProperty' || member.static || !member.value) continue;
    walkAll(member.value, (inner) => {
      if (inner.type === 'FunctionExpression' || inner.type === 'ClassExpression') return false;
      if (inner.type === 'ArrowFunctionExpression') return false;
      if (inner.type !== 'MemberExpression' || inner.object.type !== 'ThisExpression') return true;
      if (inner.property.type === 'Identifier' && !inner.computed && names.has(inner.property.name))
        report(
          context,
          inner,
          'unsupported-parameter-property',
          `${inner.property.name} is assigned after this field is computed; compute the field in the constructor`,
        );
      return true;
    });
  }
}
