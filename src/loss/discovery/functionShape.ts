import type { SyntaxNode } from '@lezer/common';
import { childrenOf, isComment, isPunctuation, unwrapped } from './syntaxTree';

/** The properties of a function that its declaration shows without running it. */
export interface FunctionShape {
  readonly node: SyntaxNode;
  /** The array pattern of the first parameter; null if it has none. */
  readonly pattern: ArrayPattern | null;
  /** The declared type of the first parameter, without spaces around punctuation; null if not declared. */
  readonly parameterType: string | null;
  /** The declared return type, without spaces around punctuation; null if not declared. */
  readonly returnType: string | null;
  readonly generator: boolean;
  /**
   * Whether the second parameter is an array pattern. Such a function compares two entries and is not a loss.
   */
  readonly comparesArrays: boolean;
  readonly hasBody: boolean;
}

export interface ArrayPattern {
  /** The number of elements; null if there is a rest element. */
  readonly arity: number | null;
  /** The names of the elements; null if an element is a pattern, a hole or a rest element. */
  readonly names: readonly string[] | null;
  /** Whether an element is a pattern. */
  readonly nested: boolean;
}

const functionNodes = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunction',
  'MethodDeclaration',
  'Property',
]);

export function isFunctionNode(node: SyntaxNode): boolean {
  return functionNodes.has(node.name) && node.getChild('ParamList') !== null;
}

/** The function inside parentheses and type assertions; null if the expression is not a function. */
export function functionIn(node: SyntaxNode, text: string): SyntaxNode | null {
  const inner = unwrapped(node, text);
  return isFunctionNode(inner) ? inner : null;
}

export function shapeOf(node: SyntaxNode, text: string): FunctionShape {
  const parameters = parametersOf(node.getChild('ParamList'), text);
  const first = parameters[0];
  const patternNode = first?.find((child) => child.name === 'ArrayPattern');
  const pattern = patternNode ? readPattern(patternNode, text) : null;
  const isRest = first?.[0]?.name === 'Spread';
  const returnType = node.getChild('TypeAnnotation');
  return {
    node,
    pattern: isRest ? null : pattern,
    parameterType: isRest
      ? null
      : typeText(
          first?.find((child) => child.name === 'TypeAnnotation'),
          text,
        ),
    returnType: typeText(returnType ?? undefined, text),
    generator: node.getChild('Star') !== null,
    comparesArrays: parameters[1]?.[0]?.name === 'ArrayPattern',
    hasBody: node.name === 'ArrowFunction' || node.getChild('Block') !== null,
  };
}

/** The nodes of each parameter, except `this`. */
export function parametersOf(list: SyntaxNode | null, text: string): SyntaxNode[][] {
  const parameters: SyntaxNode[][] = [[]];
  for (const child of list ? childrenOf(list) : []) {
    if (child.name === ',') parameters.push([]);
    else if (!isComment(child) && child.name !== '(' && child.name !== ')') parameters.at(-1)!.push(child);
  }
  const isThis = (nodes: SyntaxNode[]) =>
    nodes[0] !== undefined && text.slice(nodes[0].from, nodes[0].to) === 'this';
  return parameters.filter((nodes) => nodes.length > 0 && !isThis(nodes));
}

/** The nodes of each element of an array pattern; an empty list for a hole. */
export function elementsOf(pattern: SyntaxNode): SyntaxNode[][] {
  const elements: SyntaxNode[][] = [[]];
  for (const child of childrenOf(pattern)) {
    if (child.name === ',') elements.push([]);
    else if (child.name !== '[' && child.name !== ']' && !isComment(child)) elements.at(-1)!.push(child);
  }
  if (elements.at(-1)!.length === 0) elements.pop();
  return elements;
}

function readPattern(node: SyntaxNode, text: string): ArrayPattern {
  const elements = elementsOf(node);
  const heads = elements.map((element) => element[0]);
  const rest = heads.some((head) => head?.name === 'Spread');
  const names = heads.map((head) =>
    head?.name === 'VariableDefinition' ? text.slice(head.from, head.to) : null,
  );
  return {
    arity: rest ? null : elements.length,
    names: names.every((name) => name !== null) ? names : null,
    nested: heads.some((head) => head?.name === 'ArrayPattern' || head?.name === 'ObjectPattern'),
  };
}

function typeText(annotation: SyntaxNode | undefined, text: string): string | null {
  if (!annotation) return null;
  return (
    text
      .slice(annotation.from, annotation.to)
      .replace(/^\s*:/, '')
      // An unclosed comment extends to the end of the text. Without `$`, many unclosed comments need
      // quadratic time.
      .replace(/\/\*[\s\S]*?(?:\*\/|$)|\/\/.*/g, '')
      .trim()
      .replace(/\s+/g, ' ')
      .replace(/^readonly\s+/, 'readonly ')
      .replace(/\s*([[\](),<>|])\s*/g, '$1')
  );
}

/** The numbers in an array literal; null if it contains anything else. */
export function numbersOf(node: SyntaxNode, text: string): number[] | null {
  const array = unwrapped(node, text);
  if (array.name !== 'ArrayExpression') return null;
  const values: number[] = [];
  for (const child of childrenOf(array)) {
    if (isPunctuation(child) || isComment(child)) continue;
    const value = Number(text.slice(child.from, child.to).replace(/[\s_]/g, ''));
    if ((child.name !== 'Number' && child.name !== 'UnaryExpression') || !Number.isFinite(value)) return null;
    values.push(value);
  }
  return values;
}
