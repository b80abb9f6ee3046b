import type { SyntaxNode } from '@lezer/common';
import { elementsOf, parametersOf } from './functionSyntax';
import type { JsdocTag } from './jsdoc';
import { childrenOf, isComment, nameIn, unwrapped } from './syntaxTree';
import { readOnce, type TypeNode, type TypeScope, typeShape } from './typeReader';
import {
  type ObjectMember,
  type Parameter,
  type Pattern,
  type PatternMember,
  type Signature,
  type TypeShape,
  unknownType,
} from './typeShape';

/** The signature of a function or of a function type, as its own text declares it. */
export function signatureOf({ node, text }: TypeNode, scope: TypeScope): Signature {
  const own = withTypeParameters({ node, text }, scope);
  const read = (type: SyntaxNode) => typeShape({ node: type, text }, own);
  const result =
    node.name === 'FunctionSignature' || node.name === 'NewSignature'
      ? childrenOf(node).findLast((child) => !isComment(child))
      : node.getChild('TypeAnnotation');
  return {
    parameters: parametersOf(node.getChild('ParamList'), text).map((nodes) => parameterOf(nodes, text, read)),
    returns: result && result.name !== 'ParamList' && result.name !== 'Arrow' ? read(result) : null,
  };
}

/** The signature with the types of another one, for the parameters that do not declare their own. */
export function withTypesOf(signature: Signature, types: Signature): Signature {
  return {
    parameters: signature.parameters.map((parameter, index) => {
      const other = types.parameters[index];
      if (!other || parameter.typeText !== null || other.typeText === null) return parameter;
      const { type, typeText } = other;
      return { ...parameter, type, typeText, isOptional: parameter.isOptional || other.isOptional };
    }),
    returns: signature.returns ?? types.returns,
  };
}

/** The signature that the `@param` and `@returns` tags of a function declare. */
export function documentedSignature(
  signature: Signature,
  tags: readonly JsdocTag[],
  read: (type: string) => TypeShape,
): Signature {
  const params = tags.filter(({ tag, name }) => tag === 'param' && name !== '');
  const heads = params.filter(({ name }) => !name.includes('.'));
  const returns = tags.find(({ tag }) => tag === 'returns');
  return {
    parameters: signature.parameters.map((parameter, index) => {
      // A pattern has no name that a tag could repeat, so its tag is the one at its position.
      const tag = parameter.name === null ? heads[index] : heads.find(({ name }) => name === parameter.name);
      if (!tag) return { ...parameter, type: unknownType, typeText: null };
      const inner = params.flatMap(({ name, type, isOptional }) =>
        name.startsWith(`${tag.name}.`)
          ? [[name.slice(tag.name.length + 1), { type: read(type), isOptional }] as const]
          : [],
      );
      return {
        ...parameter,
        type: withMembers(read(tag.type), inner),
        typeText: tag.type,
        isOptional: tag.isOptional,
      };
    }),
    returns: returns ? read(returns.type) : null,
  };
}

/** An object type with the members that `@param {number} p.a` declares. */
function withMembers(type: TypeShape, members: readonly (readonly [string, ObjectMember])[]): TypeShape {
  if (type.kind !== 'object' || members.length === 0) return type;
  return { kind: 'object', members: new Map([...type.members, ...members]), others: null };
}

function parameterOf(
  nodes: readonly SyntaxNode[],
  text: string,
  read: (type: SyntaxNode) => TypeShape,
): Parameter {
  const isRest = nodes[0]?.name === 'Spread';
  const head = nodes.find(({ name }) => name !== 'Spread' && name !== 'Privacy' && name !== 'readonly');
  const annotation = nodes.find(({ name }) => name === 'TypeAnnotation');
  const equals = nodes.findIndex(({ name }) => name === 'Equals');
  const initial = equals < 0 ? undefined : nodes[equals + 1];
  return {
    name: head?.name === 'VariableDefinition' ? text.slice(head.from, head.to) : null,
    pattern: head ? patternOf(head, text) : null,
    isRest,
    hasDefault: equals >= 0,
    isOptional: nodes.some(({ name }) => name === 'Optional'),
    type: annotation ? read(annotation) : initial ? typeOfDefault(initial, text) : unknownType,
    typeText: annotation
      ? text
          .slice(annotation.from, annotation.to)
          .replace(/^\s*:\s*/, '')
          .trim()
      : null,
  };
}

/** The type that TypeScript infers for a parameter from its default. */
function typeOfDefault(node: SyntaxNode, text: string): TypeShape {
  const value = unwrapped(node, text);
  switch (value.name) {
    case 'Number':
    case 'UnaryExpression':
      return { kind: 'number' };
    case 'String':
    case 'TemplateString':
    case 'BooleanLiteral':
      return { kind: 'primitive' };
    default:
      return unknownType;
  }
}

function patternOf(node: SyntaxNode, text: string): Pattern | null {
  if (node.name === 'ArrayPattern') {
    const heads = elementsOf(node).map((element) => element[0]);
    const rest = heads.some((head) => head?.name === 'Spread');
    const names = heads.map((head) =>
      head?.name === 'VariableDefinition' ? text.slice(head.from, head.to) : null,
    );
    return {
      kind: 'array',
      arity: rest ? null : heads.length,
      names: names.every((name) => name !== null) ? names : null,
      isNested: heads.some((head) => head?.name === 'ArrayPattern' || head?.name === 'ObjectPattern'),
    };
  }
  if (node.name !== 'ObjectPattern') return null;
  const members: PatternMember[] = [];
  let isOpen = false;
  for (const property of node.getChildren('PatternProperty')) {
    const parts = childrenOf(property).filter((child) => !isComment(child));
    const [key] = parts;
    if (!key || key.name === 'Spread' || key.name === '[') {
      isOpen = true;
      continue;
    }
    const value = parts.find((_, i) => parts[i - 1]?.name === ':') ?? key;
    members.push({
      key: nameIn(text.slice(key.from, key.to)),
      hasDefault: parts.some(({ name }) => name === 'Equals'),
      isPattern: value.name === 'ArrayPattern' || value.name === 'ObjectPattern',
    });
  }
  return { kind: 'object', members, isOpen };
}

/** A scope in which the type parameters of a function have the types of their constraints. */
function withTypeParameters({ node, text }: TypeNode, scope: TypeScope): TypeScope {
  const list = node.getChild('TypeParamList');
  if (!list) return scope;
  const constraints = new Map<string, TypeNode | null>();
  let name: string | null = null;
  for (const child of childrenOf(list)) {
    if (child.name === 'TypeDefinition') {
      name = text.slice(child.from, child.to);
      constraints.set(name, null);
    } else if (name !== null && child.prevSibling?.name === 'extends')
      constraints.set(name, { node: child, text });
  }
  const own: TypeScope = {
    signatureOf: scope.signatureOf,
    shapeImported: (specifier, wanted) => scope.shapeImported(specifier, wanted),
    shapeNamed: (wanted) =>
      constraints.has(wanted) ? (constraintOf(wanted) ?? unknownType) : scope.shapeNamed(wanted),
  };
  const constraintOf = readOnce((wanted) => constraints.get(wanted) ?? null, own);
  return own;
}
