import type { SyntaxNode } from '@lezer/common';
import type { Span } from '../../annotation/annotationValue';
import type { DeclaredForm, DeclaredVector } from '../../declaration';
import type { ParameterSpans } from '../spansOfParameter';
import type { Parameter, Signature } from './signature';
import { partsOf, stringIn } from './syntaxTree';
import { assigns, unpackingIn } from './unpacking';

type IndexOf = (key: number | string) => number | null;

/**
 * The range that names each coordinate of a function's vector: a target of `x, y = theta`, `theta[3]`, `theta["a"]`,
 * or a parameter of its own. All are left out if the parameter gets another value.
 */
export function parameterSpans(
  node: SyntaxNode,
  text: string,
  { parameters }: Signature,
  { vector, unfilled }: DeclaredForm,
): ParameterSpans | null {
  const [first] = parameters;
  if (!first) return null;
  const missing = parameters.find(({ name }) => name === unfilled)?.nameNode;
  return {
    ...vectorSpans(node, text, parameters, first, vector),
    unfilled: missing ? { from: missing.from, to: missing.to } : null,
  };
}

function vectorSpans(
  node: SyntaxNode,
  text: string,
  parameters: readonly Parameter[],
  first: Parameter,
  vector: DeclaredVector,
): Omit<ParameterSpans, 'unfilled'> {
  if (vector.kind === 'numbers') {
    const nodes = parameters.slice(0, vector.names.length).map(({ nameNode }) => nameNode);
    const spans = nodes.map(({ from, to }) => ({ from, to }));
    return {
      name: null,
      whole: { from: spans[0]!.from, to: spans.at(-1)!.to },
      coordinates: new Map(spans.entries()),
      rest: null,
    };
  }
  const names = vector.kind === 'object' ? vector.names : null;
  const indexOf: IndexOf = (key) => {
    if (names) return names.includes(String(key)) ? names.indexOf(String(key)) : null;
    return typeof key === 'number' ? key : null;
  };
  const { from, to } = first.nameNode;
  return { name: first.name, whole: { from, to }, ...readsOf(node, first.name, text, indexOf) };
}

/** The nodes that give a name a meaning of its own in a part of the function. */
const scopes = new Set(['FunctionDefinition', 'LambdaExpression', 'ClassDefinition']);
/** The nodes whose targets get other values than that of the parameter. */
const rebinders = new Set([
  'ForStatement',
  'WithStatement',
  'NamedExpression',
  'ImportStatement',
  'CapturePattern',
  'DeleteStatement',
  'UpdateStatement',
]);

function readsOf(node: SyntaxNode, parameter: string, text: string, indexOf: IndexOf) {
  const body = node.name === 'LambdaExpression' ? node.lastChild : node.getChild('Body');
  const coordinates = new Map<number, Span>();
  /** Coordinates that are overwritten before they are read. A later read does not read the parameter. */
  const written = new Set<number>();
  let rest: ParameterSpans['rest'] = null;
  let isSure = true;
  const isParameter = (other: SyntaxNode | null | undefined) =>
    other?.name === 'VariableName' && text.slice(other.from, other.to) === parameter;
  const add = (index: number, span: Span) => {
    if (!coordinates.has(index) && !written.has(index)) coordinates.set(index, span);
  };

  body?.cursor().iterate((cursor) => {
    if (!isSure) return false;
    const { name } = cursor;
    if (name === 'AssignStatement') {
      const here = cursor.node;
      if (assigns(here, parameter, text)) isSure = false;
      const unpacking = unpackingIn(here, parameter, text);
      for (const [index, { from, to, isStarred }] of unpacking?.targets.entries() ?? []) {
        if (isStarred) {
          rest ??= { from, to, first: index };
          break;
        }
        add(index, { from, to });
      }
      const [target, operator] = partsOf(here);
      if (
        target &&
        operator?.name === 'AssignOp' &&
        target.name === 'MemberExpression' &&
        isParameter(target.firstChild)
      ) {
        const index = indexIn(target, text, indexOf);
        if (index !== null) written.add(index);
        else if (target.getChild('[')) isSure = false;
      }
    } else if (scopes.has(name)) {
      const own = cursor.node.getChild('ParamList')?.getChildren('VariableName') ?? [];
      if (own.some(isParameter)) return false;
    } else if (rebinders.has(name)) {
      if (targetsOf(cursor.node).some(isParameter)) isSure = false;
    } else if (name === 'MemberExpression') {
      const here = cursor.node;
      const index = isParameter(here.firstChild) ? indexIn(here, text, indexOf) : null;
      if (index !== null) add(index, { from: here.from, to: here.to });
    }
    return true;
  });
  return isSure ? { coordinates, rest } : { coordinates: new Map<number, Span>(), rest: null };
}

/** The names that a statement binds, and those of its expression, which bind nothing but are harmless here. */
function targetsOf(node: SyntaxNode): SyntaxNode[] {
  const parts = partsOf(node);
  switch (node.name) {
    case 'ForStatement':
      return parts.slice(
        0,
        Math.max(
          0,
          parts.findIndex(({ name }) => name === 'in'),
        ),
      );
    case 'WithStatement':
      return parts.filter((_, index) => parts[index - 1]?.name === 'as');
    case 'NamedExpression':
    case 'UpdateStatement':
      return parts.slice(0, 1);
    default:
      return parts;
  }
}

/** The coordinate of `theta[3]` or `theta["a"]`; null if it is another expression. */
function indexIn(member: SyntaxNode, text: string, indexOf: IndexOf): number | null {
  const [, open, key, close] = partsOf(member);
  if (open?.name !== '[' || close?.name !== ']' || !key) return null;
  if (key.name === 'Number') {
    const index = Number(text.slice(key.from, key.to).replaceAll('_', ''));
    return Number.isInteger(index) ? indexOf(index) : null;
  }
  const name = stringIn(key, text);
  return name === null ? null : indexOf(name);
}
