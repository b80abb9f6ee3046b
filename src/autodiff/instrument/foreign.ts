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
import { bare, walk } from '../syntax/nodes';
import type { Binding } from '../syntax/scopes';
import { isPrimitive } from './kind';
import { valueMethod } from './methods';
import type { Rewrite } from './rewrite';
import { codeEnd, endOf, startOf } from './source';

type Call = CallExpression | OptionalCallExpression | NewExpression;

/**
 * Guards the arguments of a call whose callee may be code that is not instrumented, where `===`, truthiness
 * and similar operations would lose traced values without an error. What the callee is, is found out at run
 * time. The call itself is not changed, so receiver and `new` keep their meaning:
 *
 *     f(a, b)        f(...$.argumentsFor(f, void 0, [a, b], 7, "f"))
 *     x.y.m(a)       (t = x.y).m(...$.argumentsFor(t.m, t, [a], 8, "x.y.m"))
 *
 * If functions may have derivative rules, `$.callee(f, 7)` takes the place of `f`, and `$.receiver(x.y, "m", 8)` that of `x.y`.
 */
export function guardArguments(rewrite: Rewrite, node: Call): void {
  const { arguments: given } = node;
  const [first] = given;
  const hasReceiver = node.type !== 'NewExpression' && /Member/.test(bare(node.callee).type);
  if (!hasReceiver && given.every((each) => isPlain(rewrite, each))) return;
  // `$.m.sort(xs)` has no parentheses of its own.
  if (!first && isOfValueMethod(rewrite, node)) return;
  const site = rewrite.site(node);
  const target = callTarget(rewrite, node, site);
  if (!target) {
    for (const each of given) if (isForeign(rewrite, each)) guardFunction(rewrite, each);
    return;
  }
  const before = `...${rewrite.runtime}.argumentsFor(${target.fn}, ${target.self}, [`;
  const after = `], ${site}, ${JSON.stringify(calledName(rewrite, node))})`;
  const last = given.at(-1);
  if (first && last) rewrite.edits.wrap(startOf(first), codeEnd(last), before, after);
  else rewrite.edits.insert(openParenthesis(rewrite, node) + 1, before + after);
}

/**
 * A function of a package among the arguments of a call is guarded too, because the callee may call it. A
 * function of unknown origin is guarded only where the engine calls it.
 */
export function guardFunctions(rewrite: Rewrite, node: Call): void {
  const isCalledByEngine =
    rewrite.source.mayCallForeign && /^(?:map|forEach|reduce|flatMap|from)$/.test(methodOf(node));
  for (const each of node.arguments)
    if (/^(?:Identifier|MemberExpression)$/.test(each.type))
      if (isForeign(rewrite, each) || (isCalledByEngine && !isOwnFunction(rewrite, each)))
        guardFunction(rewrite, each);
}

function guardFunction(rewrite: Rewrite, node: Node): void {
  if (/^(?:Identifier|MemberExpression)$/.test(node.type))
    rewrite.wrap(node, `${rewrite.runtime}.callback(`, `, ${rewrite.site(node)})`);
}

export function isForeignCall(rewrite: Rewrite, node: Call): boolean {
  return isForeign(rewrite, node.callee) || mayBeForeign(rewrite, node);
}

/** Methods of arrays and strings that programs call most. A foreign object has them rarely, and coerces. */
const commonMethods = new Set(
  (
    'at charAt charCodeAt codePointAt concat entries endsWith flat flatMap forEach keys map match padEnd padStart pop push ' +
    'reduce reduceRight replace replaceAll reverse shift slice splice split startsWith substring toFixed toLowerCase ' +
    'toPrecision toString toUpperCase trim unshift values'
  ).split(' '),
);

/** Whether the callee may be a function of a package, as far as the text shows. */
function mayBeForeign(rewrite: Rewrite, node: Call): boolean {
  if (!rewrite.source.mayCallForeign) return false;
  const callee = bare(node.callee);
  switch (callee.type) {
    case 'Identifier':
      return rewrite.scopes.bindings.has(callee) && !isOwnFunction(rewrite, callee);
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      if (callee.property.type === 'PrivateName' || commonMethods.has(methodOf(node))) return false;
      if (isOfValueMethod(rewrite, node)) return false;
      return !(isGlobalObject(rewrite, callee.object) || isPrimitive(rewrite.kinds.of(callee.object)));
    case 'CallExpression':
      return node.type !== 'NewExpression';
    case 'Super':
      return true;
    default:
      return false;
  }
}

function isGlobalObject(rewrite: Rewrite, node: Node): boolean {
  const plain = bare(node);
  if (plain.type === 'MemberExpression') return isGlobalObject(rewrite, plain.object);
  if (!rewrite.isGlobal(plain)) return false;
  const { format, hasCallRules } = rewrite.source;
  return !(hasCallRules && format === 'cjs' && /^(?:exports|module)$/.test(plain.name));
}

function isOwnFunction(rewrite: Rewrite, node: Node): boolean {
  if (rewrite.source.hasOwnCallRules) return false;
  const binding = rewrite.scopes.bindings.get(bare(node));
  if (!binding || binding.assignments.length > 0) return false;
  const { declaration } = binding;
  if (declaration.type === 'ClassDeclaration') return true;
  if (binding.kind === 'function') return true;
  return (
    declaration.type === 'VariableDeclarator' &&
    declaration.id.type === 'Identifier' &&
    /^(?:Arrow)?FunctionExpression$/.test(declaration.init?.type ?? '')
  );
}

function methodOf({ callee }: Call): string {
  const plain = bare(callee);
  if (plain.type !== 'MemberExpression' && plain.type !== 'OptionalMemberExpression') return '';
  return !plain.computed && plain.property.type === 'Identifier' ? plain.property.name : '';
}

function isOfValueMethod(rewrite: Rewrite, node: Call): boolean {
  return node.type !== 'NewExpression' && valueMethod(rewrite, node) !== null;
}

/** Texts that read the callee and its receiver again; null if that is not possible. */
function callTarget(
  rewrite: Rewrite,
  node: Call,
  site: number,
): { readonly fn: string; readonly self: string } | null {
  const callee = bare(node.callee);
  const { text, hasCallRules } = rewrite.source;
  const mayHaveRule = hasCallRules && node.type !== 'NewExpression';
  switch (callee.type) {
    case 'Identifier':
      if (mayHaveRule) rewrite.wrap(callee, `${rewrite.runtime}.callee(`, `, ${site})`);
      return {
        fn: mayHaveRule ? `${rewrite.runtime}.callee(${callee.name}, ${site})` : callee.name,
        self: 'void 0',
      };
    case 'Super': {
      const base = superClassOf(rewrite, callee);
      return base && isChain(base) ? { fn: text.slice(startOf(base), endOf(base)), self: 'void 0' } : null;
    }
    case 'OptionalMemberExpression':
    case 'MemberExpression': {
      const { object, property } = callee;
      const key = keyText(property, callee.computed);
      if (key === null) return null;
      if (object.type === 'Super') return { fn: `super${key}`, self: 'this' };
      const [open, close] = mayHaveRule
        ? [`${rewrite.runtime}.receiver(`, `, ${keyValue(property, callee.computed)}, ${site})`]
        : ['', ''];
      if (object.type === 'Identifier' || object.type === 'ThisExpression') {
        const self = text.slice(startOf(object), endOf(object));
        if (mayHaveRule) rewrite.wrap(object, open, close);
        return { fn: open + self + close + key, self };
      }
      // The parts of an optional chain must stay together.
      if (callee.type !== 'MemberExpression' || /^Optional/.test(bare(object).type)) return null;
      const held = rewrite.names.helper('receiver');
      rewrite.wrap(object, `(${held} = ${open}`, `${close})`);
      return { fn: held + key, self: held };
    }
    case 'CallExpression': {
      const held = rewrite.names.helper('receiver');
      rewrite.wrap(callee, `(${held} = `, ')');
      return { fn: held, self: 'void 0' };
    }
    default:
      return null;
  }
}

function keyText(property: Node, computed: boolean): string | null {
  if (!computed) return property.type === 'Identifier' ? `.${property.name}` : null;
  if (property.type === 'StringLiteral' || property.type === 'NumericLiteral')
    return `[${JSON.stringify(property.value)}]`;
  return property.type === 'Identifier' ? `[${property.name}]` : null;
}

/** The expression of the key of a member with a `keyText`. */
function keyValue(property: Node, computed: boolean): string {
  const isName = property.type === 'Identifier';
  if (!computed && isName) return JSON.stringify(property.name);
  return isName ? property.name : JSON.stringify((property as StringLiteral).value);
}

/** The class whose constructor contains `super(…)`. */
function superClassOf(rewrite: Rewrite, node: Node): Node | null {
  let found: Node | null = null;
  walk(rewrite.source.program, (each) => {
    // The innermost class that contains the node is visited last.
    if ((each.type === 'ClassDeclaration' || each.type === 'ClassExpression') && each.superClass)
      if (startOf(each) < startOf(node) && endOf(node) < endOf(each)) found = bare(each.superClass);
    return true;
  });
  return found;
}

function openParenthesis(rewrite: Rewrite, node: Call): number {
  const after = endOf(node.typeParameters ?? node.callee);
  const next = rewrite.source.nextToken(after);
  return rewrite.tokenAt(rewrite.source.text.startsWith('?.', next) ? next + 2 : after, '(');
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

function isPlain(rewrite: Rewrite, node: Node): boolean {
  return node.type !== 'SpreadElement' && isPrimitive(rewrite.kinds.of(node));
}

function isChain(node: Node): boolean {
  if (node.type === 'MemberExpression') return !node.computed && isChain(node.object);
  return node.type === 'Identifier';
}
