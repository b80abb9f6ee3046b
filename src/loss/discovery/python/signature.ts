import type { SyntaxNode } from '@lezer/common';
import { type PythonType, unknownType } from './pythonType';
import { partsOf } from './syntaxTree';
import type { TypeReader } from './typeReader';

export interface Parameter {
  readonly name: string;
  readonly nameNode: SyntaxNode;
  readonly kind: 'positionalOnly' | 'plain' | 'keywordOnly' | 'rest' | 'keywords';
  readonly hasDefault: boolean;
  /** `unknown` if it is not declared. */
  readonly type: PythonType;
  /** The declared type as written; null if it is not declared. */
  readonly typeText: string | null;
}

export interface Signature {
  readonly parameters: readonly Parameter[];
  /** null if it is not declared. */
  readonly returns: PythonType | null;
}

/**
 * The parameters and the result of a function, with the types of its annotations or of its type comment.
 *
 * @param isBound  whether the first parameter is the object or class of a method, which the caller does not pass
 */
export function signatureOf(node: SyntaxNode, text: string, types: TypeReader, isBound: boolean): Signature {
  const list = node.getChild('ParamList');
  const parameters = list ? parametersIn(list, text, types) : [];
  const own = isBound && parameters[0]?.kind !== 'rest' ? parameters.slice(1) : parameters;
  const result = node.getChild('TypeDef');
  const returned = result && typeIn(result);
  const returns = returned ? types.read({ node: returned, text }) : null;
  const comment = typeComment(node, text);
  if (!comment) return { parameters: own, returns };
  const written = comment.parameters;
  return {
    // The comment may leave out the first parameter of a method.
    parameters: own.map((parameter, index) => {
      const typeText = written[index + (written.length > own.length ? 1 : 0)];
      return parameter.typeText !== null || typeText === undefined
        ? parameter
        : { ...parameter, typeText, type: types.readText(typeText) };
    }),
    returns: returns ?? types.readText(comment.returns),
  };
}

function parametersIn(list: SyntaxNode, text: string, types: TypeReader): Parameter[] {
  const parameters: Parameter[] = [];
  let isKeywordOnly = false;
  let from = list.from + 1;
  for (const nodes of groupsIn(list)) {
    const [first] = nodes;
    if (!first) {
      // The grammar has no node for the slash that ends the positional-only parameters.
      const end = nodes.end;
      if (text.slice(from, end).includes('/'))
        for (const [index, each] of parameters.entries())
          parameters[index] = { ...each, kind: each.kind === 'plain' ? 'positionalOnly' : each.kind };
      from = end + 1;
      continue;
    }
    from = nodes.end + 1;
    const star = first.name === '*' || first.name === '**' ? first.name : null;
    const nameNode = star ? nodes[1] : first;
    if (star === '*') isKeywordOnly = true;
    if (nameNode?.name !== 'VariableName') continue;
    const declared = nodes.find(({ name }) => name === 'TypeDef');
    const type = declared && typeIn(declared);
    parameters.push({
      name: text.slice(nameNode.from, nameNode.to),
      nameNode,
      kind: star === '*' ? 'rest' : star === '**' ? 'keywords' : isKeywordOnly ? 'keywordOnly' : 'plain',
      hasDefault: nodes.some(({ name }) => name === 'AssignOp'),
      type: type ? types.read({ node: type, text }) : unknownType,
      typeText: type ? text.slice(type.from, type.to) : null,
    });
  }
  return parameters;
}

type Group = SyntaxNode[] & { end: number };

/** The nodes between the commas of a parameter list, and the offset at which each group ends. */
function groupsIn(list: SyntaxNode): Group[] {
  const group = (): Group => Object.assign([], { end: list.to });
  const groups = [group()];
  for (const node of partsOf(list)) {
    if (node.name === ',') {
      groups.at(-1)!.end = node.from;
      groups.push(group());
    } else if (node.name !== '(' && node.name !== ')' && !node.type.isError) groups.at(-1)!.push(node);
  }
  return groups;
}

/** The type after the colon or the arrow. */
function typeIn(declared: SyntaxNode): SyntaxNode | null {
  return partsOf(declared).find(({ name, type }) => name !== ':' && name !== '->' && !type.isError) ?? null;
}

/** `# type: (np.ndarray, float) -> float` on the line of the colon, or below it. */
function typeComment(node: SyntaxNode, text: string) {
  const colon = node.getChild('Body')?.firstChild;
  const comment = colon?.nextSibling;
  if (comment?.name !== 'Comment') return null;
  const match = /^#\s*type:\s*\((.*)\)\s*->\s*([^#]+)/.exec(text.slice(comment.from, comment.to));
  if (!match) return null;
  return { parameters: atTopLevel(match[1]!), returns: match[2]!.trim() };
}

/** The parts of a list that are separated by commas outside brackets. */
function atTopLevel(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= list.length; at++) {
    const character = list[at];
    if (character === '[' || character === '(') depth++;
    else if (character === ']' || character === ')') depth--;
    else if (character === undefined || (character === ',' && depth === 0)) {
      const part = list.slice(from, at).trim().replace(/^\*+/, '');
      if (part !== '' && part !== '...') parts.push(part);
      from = at + 1;
    }
  }
  return parts;
}
