import type {
  CallExpression,
  ImportDefaultSpecifier,
  ImportNamespaceSpecifier,
  ImportSpecifier,
  NewExpression,
  Node,
  OptionalCallExpression,
  StringLiteral,
} from '@babel/types';
import { bare } from '../syntax/nodes';
import type { Binding } from '../syntax/scopes';
import { isPrimitive } from './kind';
import type { Rewrite } from './rewrite';
import { codeEnd, endOf, startOf } from './source';

type Call = CallExpression | OptionalCallExpression | NewExpression;

/**
 * Guards the arguments of a call of code that is not instrumented, where `===`, truthiness and similar
 * operations would lose traced values without an error. The call itself is not changed, so receiver, `new`
 * and `?.` keep their meaning.
 */
export function guardArguments(rewrite: Rewrite, node: Call): void {
  const first = node.arguments[0];
  const last = node.arguments.at(-1);
  if (!first || !last || node.arguments.every((each) => isHarmless(rewrite, each))) return;
  const { names, runtime } = rewrite;
  const list = `${names.helper('list')}(${JSON.stringify(calledName(rewrite, node))})`;
  const receiver = dataReceiver(rewrite, node);
  const guard = receiver
    ? `(${runtime}.Array.isArray(${receiver}) ? ${names.helper('trusted')} : ${runtime}.foreign)`
    : `${runtime}.foreign`;
  const site = rewrite.site(node);
  rewrite.edits.wrap(startOf(first), codeEnd(last), `...${guard}(${list}, void 0, [`, `], ${site})`);
}

/** A function of a package among the arguments of a call is guarded too, because the callee may call it. */
export function guardFunctions(rewrite: Rewrite, node: Call): void {
  for (const each of node.arguments)
    if (/^(?:Identifier|MemberExpression)$/.test(each.type) && isForeign(rewrite, each))
      rewrite.wrap(each, `${rewrite.names.helper('guarded')}(`, `, ${rewrite.site(each)})`);
}

export function isForeignCall(rewrite: Rewrite, node: Call): boolean {
  return isForeign(rewrite, node.callee);
}

/**
 * Whether a value comes from code that is not instrumented: it is imported from a package, or returned by a
 * call of such code.
 */
export function isForeign(rewrite: Rewrite, node: Node): boolean {
  const plain = bare(node);
  switch (plain.type) {
    case 'Identifier': {
      const binding = rewrite.scopes.bindings.get(plain);
      return binding !== undefined && isForeignBinding(rewrite, binding);
    }
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return isForeign(rewrite, plain.object);
    case 'CallExpression':
      if (rewrite.isGlobal(plain.callee, 'require')) {
        const [specifier] = plain.arguments;
        return specifier?.type === 'StringLiteral' && rewrite.source.isForeign(specifier, null);
      }
      return isForeign(rewrite, plain.callee);
    case 'OptionalCallExpression':
    case 'NewExpression':
      return isForeign(rewrite, plain.callee);
    case 'AwaitExpression':
      return isForeign(rewrite, plain.argument);
    case 'ImportExpression':
      return plain.source.type === 'StringLiteral' && rewrite.source.isForeign(plain.source, null);
    default:
      return false;
  }
}

function isForeignBinding(rewrite: Rewrite, { declaration, assignments }: Binding): boolean {
  switch (declaration.type) {
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier': {
      const source = sourceOfImport(rewrite, declaration);
      return source !== null && rewrite.source.isForeign(source, importedName(declaration));
    }
    case 'TSImportEqualsDeclaration':
      return (
        declaration.moduleReference.type === 'TSExternalModuleReference' &&
        rewrite.source.isForeign(declaration.moduleReference.expression, null)
      );
    case 'VariableDeclarator':
      return declaration.init != null && assignments.length === 0 && isForeign(rewrite, declaration.init);
    default:
      return false;
  }
}

type ImportedName = ImportSpecifier | ImportDefaultSpecifier | ImportNamespaceSpecifier;

function importedName(specifier: ImportedName): string | null {
  if (specifier.type === 'ImportNamespaceSpecifier') return null;
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  return specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
}

function sourceOfImport(rewrite: Rewrite, specifier: Node): StringLiteral | null {
  for (const statement of rewrite.source.program.body)
    if (statement.type === 'ImportDeclaration' && (statement.specifiers as Node[]).includes(specifier))
      return statement.source;
  return null;
}

function calledName(rewrite: Rewrite, { callee }: Call): string {
  const plain = bare(callee);
  return isChain(plain) ? rewrite.source.text.slice(startOf(plain), endOf(plain)) : '';
}

/** Inline functions are instrumented, and primitives are not traced. */
function isHarmless(rewrite: Rewrite, node: Node): boolean {
  return /Function/.test(node.type) || (node.type !== 'SpreadElement' && isPrimitive(rewrite.kinds.of(node)));
}

/**
 * The text of the receiver of `data.rows.reduce(…)`. If the receiver is an array at run time, its methods are
 * native and call no foreign code. null if it is not a chain of names, which can be read twice.
 */
function dataReceiver(rewrite: Rewrite, { callee }: Call): string | null {
  const plain = bare(callee);
  return plain.type === 'MemberExpression' && isChain(plain.object)
    ? rewrite.source.text.slice(startOf(plain.object), endOf(plain.object))
    : null;
}

function isChain(node: Node): boolean {
  if (node.type === 'MemberExpression') return !node.computed && isChain(node.object);
  return node.type === 'Identifier';
}
