import type {
  ArrowFunctionExpression,
  ClassMethod,
  ClassPrivateMethod,
  FunctionDeclaration,
  FunctionExpression,
  Node,
  ObjectMethod,
} from '@babel/types';
import { childKeys } from './childKeys';

/** A function that can be inlined at its call. */
export type PlainFunction = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression;

/** The same, and methods. */
export type InlinedFunction = PlainFunction | ObjectMethod | ClassMethod | ClassPrivateMethod;

/** Properties of a node that contain types. */
const keysOfTypes = new Set(['typeAnnotation', 'returnType', 'typeParameters', 'typeArguments']);
const evaluatedKeys = Object.fromEntries(
  Object.entries(childKeys).map(([type, keys]) => [type, keys.filter((key) => !keysOfTypes.has(key))]),
);

/** The children of a node, types included, in the order of `childKeys`. */
export function childNodes(node: Node): Node[] {
  const children: Node[] = [];
  eachChild(node, childKeys, (child) => {
    children.push(child);
  });
  return children;
}

/** The children of a node that are evaluated at run time, so without types. */
export function evaluatedChildren(node: Node): Node[] {
  const children: Node[] = [];
  eachChild(node, evaluatedKeys, (child) => {
    if (!isErased(child)) children.push(child);
  });
  return children;
}

function eachChild(
  node: Node,
  keysOf: Readonly<Record<string, readonly string[]>>,
  visit: (child: Node) => void,
): void {
  const keys = keysOf[node.type];
  if (!keys) throw new Error(`unknown syntax: ${node.type}`);
  for (const key of keys) {
    const value: unknown = node[key as keyof Node];
    if (!Array.isArray(value)) {
      if (isNode(value)) visit(value);
    } else for (const each of value) if (isNode(each)) visit(each);
  }
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}

/**
 * Calls `enter` for a node and for all its evaluated descendants. If `enter` returns false, the descendants
 * of that node are skipped.
 */
export function walk(node: Node, enter: (node: Node) => boolean | undefined): void {
  const visit = (each: Node) => {
    if (isErased(each) && each !== node) return;
    if (enter(each) !== false) eachChild(each, evaluatedKeys, visit);
  };
  visit(node);
}

/** Calls `enter` for a node and all its descendants, types included, with the parent of each. */
export function walkAll(
  node: Node,
  enter: (node: Node, parent: Node | null) => boolean | undefined,
  parent: Node | null = null,
): void {
  if (enter(node, parent) === false) return;
  eachChild(node, childKeys, (child) => walkAll(child, enter, node));
}

/** An expression without the parentheses and type annotations around it. */
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

/** Whether a statement or type generates no JavaScript. */
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
      return node.type.startsWith('TS') || (node as { declare?: unknown }).declare === true;
  }
}
