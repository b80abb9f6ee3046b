import type { SyntaxNode } from '@lezer/common';
import type { Span } from '../../annotation/annotationValue';
import type { DeclaredForm, DeclaredVector } from '../../declaration';
import type { ParameterSpans } from '../spansOfParameter';
import { elementsOf, parametersOf } from './functionSyntax';
import { childrenOf, isComment, nameIn } from './syntaxTree';

type VectorSpans = Omit<ParameterSpans, 'unfilled'>;

/** The index of the coordinate that an element or property is; null if it is none. */
type IndexOf = (key: number | string) => number | null;

/**
 * The range that names each coordinate of a function's vector: an element of its pattern, of `const [x, y] =
 * p`, `p[3]`, `p.a`, or a parameter of its own. Coordinates accessed in another way are left out. All are left
 * out if the name is declared again or assigned to.
 */
export function parameterSpans(
  node: SyntaxNode,
  text: string,
  { vector, unfilled }: DeclaredForm,
): ParameterSpans | null {
  const parameters = parametersOf(node.getChild('ParamList'), text);
  const spans = vectorSpans(node, text, parameters, vector);
  const next = parameters[vector.kind === 'numbers' ? vector.names.length : 1]?.[0];
  return spans && { ...spans, unfilled: unfilled !== null && next ? spanOf(next) : null };
}

function vectorSpans(
  node: SyntaxNode,
  text: string,
  parameters: readonly (readonly SyntaxNode[])[],
  vector: DeclaredVector,
): VectorSpans | null {
  const [first] = parameters;
  const head = first?.[0];
  if (!head || head.to === head.from) return null;
  if (vector.kind === 'numbers') return numberSpans(parameters.slice(0, vector.names.length));
  const indexOf: IndexOf =
    vector.kind === 'object'
      ? (key) => (vector.names.includes(String(key)) ? vector.names.indexOf(String(key)) : null)
      : (key) => (Number.isInteger(Number(key)) ? Number(key) : null);
  if (head.name === 'ArrayPattern') return { name: null, whole: spanOf(head), ...patternSpans(head) };
  if (head.name === 'ObjectPattern')
    return { name: null, whole: spanOf(head), ...propertySpans(head, text, indexOf) };
  const whole = head.name === 'VariableDefinition' ? spanOf(head) : restOf(first);
  const name = text.slice(whole.from, whole.to).replace(/^\.\.\.\s*/, '');
  const definition = head.name === 'Spread' ? first[1] : head;
  if (definition?.name !== 'VariableDefinition') return { name, whole, coordinates: new Map(), rest: null };
  return { name, whole, ...readsOf(node, definition, text, indexOf) };
}

function numberSpans(parameters: readonly (readonly SyntaxNode[])[]): VectorSpans {
  const heads = parameters.map(([head]) => head!);
  return {
    name: null,
    whole: { from: heads[0]!.from, to: heads.at(-1)!.to },
    coordinates: new Map(heads.map((head, index) => [index, spanOf(head)])),
    rest: null,
  };
}

type Coordinates = Pick<ParameterSpans, 'coordinates' | 'rest'>;

function patternSpans(pattern: SyntaxNode): Coordinates {
  const coordinates = new Map<number, Span>();
  let rest: ParameterSpans['rest'] = null;
  elementsOf(pattern).forEach((element, index) => {
    const head = element[0];
    if (head?.name === 'Spread') rest = { ...restOf(element), first: index };
    else if (head && head.to > head.from) coordinates.set(index, spanOf(head));
  });
  return { coordinates, rest };
}

/** `{ 0: x, 1: y }`, `{ a, b: c }` */
function propertySpans(pattern: SyntaxNode, text: string, indexOf: IndexOf): Coordinates {
  const coordinates = new Map<number, Span>();
  for (const property of pattern.getChildren('PatternProperty')) {
    const [key, colon, target] = childrenOf(property).filter((child) => !isComment(child));
    if (!key || key.name === 'Spread' || key.name === '[') continue;
    const index = indexOf(key.name === 'Number' ? numberOf(key, text) : nameIn(text.slice(key.from, key.to)));
    const named = colon?.name === ':' ? target : key;
    if (index !== null && named) coordinates.set(index, spanOf(named));
  }
  return { coordinates, rest: null };
}

/** The ranges in a function in which the elements or properties of its parameter are read. */
function readsOf(node: SyntaxNode, parameter: SyntaxNode, text: string, indexOf: IndexOf): Coordinates {
  const name = text.slice(parameter.from, parameter.to);
  const isParameter = (other: SyntaxNode | null | undefined) =>
    other?.name === 'VariableName' && text.slice(other.from, other.to) === name;
  const coordinates = new Map<number, Span>();
  /** Coordinates that are overwritten before they are read. A later read does not read the parameter. */
  const written = new Set<number>();
  let rest: ParameterSpans['rest'] = null;
  let isSure = true;
  const add = (index: number, span: Span) => {
    if (!coordinates.has(index) && !written.has(index)) coordinates.set(index, span);
  };

  const cursor = node.cursor();
  while (isSure && cursor.next() && cursor.from < node.to) {
    const here = cursor.node;
    if (here.name === 'VariableDefinition') {
      if (here.from !== parameter.from && text.slice(here.from, here.to) === name) isSure = false;
    } else if (here.name === 'AssignmentExpression') {
      const [target, operator] = childrenOf(here).filter((child) => !isComment(child));
      if (isParameter(target)) isSure = false;
      else if (target && isParameter(target.firstChild) && operator?.name === 'Equals') {
        const index = indexIn(target, text, indexOf);
        if (index === null) isSure = false;
        else written.add(index);
      }
    } else if (here.name === 'MemberExpression' && isParameter(here.firstChild)) {
      const index = indexIn(here, text, indexOf);
      if (index !== null) add(index, spanOf(here));
    } else if (here.name === 'ArrayPattern' && isParameter(initializerOf(here))) {
      const named = patternSpans(here);
      for (const [index, span] of named.coordinates) add(index, span);
      rest ??= named.rest;
    } else if (here.name === 'ObjectPattern' && isParameter(initializerOf(here))) {
      for (const [index, span] of propertySpans(here, text, indexOf).coordinates) add(index, span);
    }
  }
  return isSure ? { coordinates, rest } : { coordinates: new Map(), rest: null };
}

/** The coordinate of `p[3]`, `p.a` or `p['a']`; null if it is another expression. */
function indexIn(member: SyntaxNode, text: string, indexOf: IndexOf): number | null {
  const [, ...access] = childrenOf(member).filter((child) => !isComment(child) && child.name !== '?.');
  const [open, key, close] = access;
  if (open?.name === '.' && key?.name === 'PropertyName') return indexOf(text.slice(key.from, key.to));
  if (open?.name !== '[' || close?.name !== ']') return null;
  if (key?.name === 'String') return indexOf(nameIn(text.slice(key.from, key.to)));
  return key?.name === 'Number' ? indexOf(numberOf(key, text)) : null;
}

/** The node after the `=` of a declared pattern; null if there is none. */
function initializerOf(pattern: SyntaxNode): SyntaxNode | null {
  let next = pattern.nextSibling;
  while (next && (isComment(next) || next.name === 'TypeAnnotation')) next = next.nextSibling;
  if (pattern.parent?.name !== 'VariableDeclaration' || next?.name !== 'Equals') return null;
  next = next.nextSibling;
  while (next && isComment(next)) next = next.nextSibling;
  return next;
}

function numberOf(node: SyntaxNode, text: string): number {
  return Number(text.slice(node.from, node.to).replaceAll('_', ''));
}

function spanOf({ from, to }: SyntaxNode): Span {
  return { from, to };
}

/** The range of `...name`; the range of the first node if it is not a spread. */
function restOf([head, name]: readonly SyntaxNode[]): Span {
  return { from: head!.from, to: head!.name === 'Spread' && name ? name.to : head!.to };
}
