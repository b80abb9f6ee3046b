import type { ArrowFunctionExpression, FunctionDeclaration, FunctionExpression, Node } from '@babel/types';

/** A function that can be carried out in the place of its call. */
export type PlainFunction = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression;

const notChildren = new Set([
  'loc',
  'extra',
  'errors',
  'comments',
  'leadingComments',
  'trailingComments',
  'innerComments',
  'tokens',
  'typeAnnotation',
  'returnType',
  'typeParameters',
  'typeArguments',
]);

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}

/** The nodes right below a node that are evaluated: types left out. */
export function evaluatedChildren(node: Node): Node[] {
  const children: Node[] = [];
  // Faster than Object.entries by half, and this is where most of the time goes.
  for (const key in node) {
    const value: unknown = node[key as keyof Node];
    if (typeof value !== 'object' || value === null || notChildren.has(key)) continue;
    for (const each of Array.isArray(value) ? value : [value])
      if (isNode(each) && !isErased(each)) children.push(each);
  }
  return children;
}

/** Calls `enter` for a node and all below it; where it returns false, not for what is below. */
export function walk(node: Node, enter: (node: Node) => boolean | undefined): void {
  if (enter(node) === false) return;
  for (const child of evaluatedChildren(node)) walk(child, enter);
}

/** An expression without the parentheses and the types around it. */
export function bare(node: Node): Node {
  switch (node.type) {
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
      return bare(node.expression);
    default:
      return node;
  }
}

export function isFunction(node: Node): boolean {
  return (
    isPlainFunction(node) ||
    node.type === 'ObjectMethod' ||
    node.type === 'ClassMethod' ||
    node.type === 'ClassPrivateMethod'
  );
}

export function isPlainFunction(node: Node): node is PlainFunction {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/** Statements and types that leave nothing to run. */
export function isErased(node: Node): boolean {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'TSEnumDeclaration':
    case 'TSEnumBody':
    case 'TSEnumMember':
    case 'TSExportAssignment':
    case 'TSParameterProperty':
      return false;
    default:
      return node.type.startsWith('TS') || ('declare' in node && node.declare === true);
  }
}
