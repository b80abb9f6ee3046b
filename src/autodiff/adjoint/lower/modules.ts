import type { ClassDeclaration, ClassExpression, ImportDeclaration, Node, Program } from '@babel/types';
import { bare, isPlainFunction, type PlainFunction, walk } from '../../syntax/nodes';
import { type Binding, type Scopes, scopesOf } from '../../syntax/scopes';
import { commonExport } from './commonExports';

/** A parsed module. */
export interface AdjointModule {
  readonly file: string;
  readonly text: string;
  readonly program: Program;
  /** The user's module that a specifier resolves to; null if there is none. */
  readonly imported?: (specifier: string) => AdjointModule | null;
}

export interface ModuleScope {
  readonly source: AdjointModule;
  readonly scopes: Scopes;
  /** Whether this is the module of the loss. The generated code can use its names. */
  readonly isHome: boolean;
  /** Whether some statement assigns a member of this name. */
  assignsMember(name: string): boolean;
}

/** The modules that the loss uses, each parsed once. */
export class Modules {
  readonly #read = new Map<AdjointModule, ModuleScope>();
  readonly home: ModuleScope;

  constructor(home: AdjointModule) {
    this.home = this.#scopeOf(home, true);
  }

  #scopeOf(source: AdjointModule, isHome = false): ModuleScope {
    const known = this.#read.get(source);
    if (known) return known;
    const assigned = memo(() => assignedMembers(source.program));
    const assignsMember = (name: string) => assigned().has(name);
    const scope = { source, scopes: scopesOf(source.program), isHome, assignsMember };
    this.#read.set(source, scope);
    return scope;
  }

  /** The function that an import refers to; null if it is not a function of these modules. */
  importedFunction(module: ModuleScope, { declaration }: Binding): FunctionPlace | null {
    if (declaration.type !== 'ImportSpecifier' && declaration.type !== 'ImportDefaultSpecifier') return null;
    const scope = this.#importedModule(module, declaration);
    if (!scope) return null;
    const name = declaration.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(declaration.imported);
    return exportedFunction(scope, name);
  }

  /** The class that a name of a module refers to; null if it is none. */
  classOf(module: ModuleScope, binding: Binding): ClassPlace | null {
    if (!binding.isModule) return null;
    const { declaration } = binding;
    if (declaration.type === 'ImportSpecifier' || declaration.type === 'ImportDefaultSpecifier') {
      const scope = this.#importedModule(module, declaration);
      if (!scope) return null;
      const name = declaration.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(declaration.imported);
      return exportedClass(scope, name);
    }
    const node = declaredClass(binding);
    return node && { node, module };
  }

  /** The modules that were read so far. */
  get all(): readonly ModuleScope[] {
    return [...this.#read.values()];
  }

  /** The module of `import * as name`; null for another import, or if it is not one of these modules. */
  importedNamespace(module: ModuleScope, { declaration }: Binding): ModuleScope | null {
    return declaration.type === 'ImportNamespaceSpecifier' ? this.#importedModule(module, declaration) : null;
  }

  #importedModule(module: ModuleScope, declaration: ImportName): ModuleScope | null {
    const statement = module.source.program.body.find(
      (each) => each.type === 'ImportDeclaration' && each.specifiers.includes(declaration),
    );
    if (statement?.type !== 'ImportDeclaration' || !/^\.\.?\//.test(statement.source.value)) return null;
    const target = module.source.imported?.(statement.source.value);
    return target ? this.#scopeOf(target) : null;
  }
}

type ImportName = ImportDeclaration['specifiers'][number];

export interface FunctionPlace {
  readonly node: PlainFunction;
  readonly module: ModuleScope;
}

export type ClassNode = ClassDeclaration | ClassExpression;

export interface ClassPlace {
  readonly node: ClassNode;
  readonly module: ModuleScope;
}

/** The function that a module exports under a name, if its text determines it. */
export function exportedFunction(module: ModuleScope, name: string): FunctionPlace | null {
  for (const statement of module.source.program.body) {
    if (statement.type === 'ExportDefaultDeclaration' && name === 'default') {
      const declared = bare(statement.declaration);
      if (isPlainFunction(declared)) return { node: declared, module };
      return declared.type === 'Identifier' ? namedFunction(module, declared.name) : null;
    }
    if (statement.type !== 'ExportNamedDeclaration' || statement.source) continue;
    for (const each of statement.specifiers)
      if (each.type === 'ExportSpecifier' && nameOf(each.exported) === name)
        return namedFunction(module, nameOf(each.local));
    if (statement.declaration && name !== 'default') {
      const found = namedFunction(module, name);
      if (found) return found;
    }
  }
  const common = commonExport(module.source.program, name);
  if (common?.type === 'Identifier') return namedFunction(module, common.name);
  return common && isPlainFunction(common) ? { node: common, module } : null;
}

/** The class that a module exports under a name, if its text determines it. */
export function exportedClass(module: ModuleScope, name: string): ClassPlace | null {
  const named = (local: string): ClassPlace | null => {
    const binding = module.scopes.top.get(local);
    const node = binding ? declaredClass(binding) : null;
    return node && { node, module };
  };
  for (const statement of module.source.program.body) {
    if (statement.type === 'ExportDefaultDeclaration' && name === 'default') {
      const declared = bare(statement.declaration);
      if (isClass(declared)) return { node: declared, module };
      return declared.type === 'Identifier' ? named(declared.name) : null;
    }
    if (statement.type !== 'ExportNamedDeclaration' || statement.source) continue;
    for (const each of statement.specifiers)
      if (each.type === 'ExportSpecifier' && nameOf(each.exported) === name) return named(nameOf(each.local));
    if (statement.declaration && name !== 'default') {
      const found = named(name);
      if (found) return found;
    }
  }
  const common = commonExport(module.source.program, name);
  if (common?.type === 'Identifier') return named(common.name);
  return common && isClass(common) ? { node: common, module } : null;
}

function declaredClass({ declaration, assignments }: Binding): ClassNode | null {
  if (assignments.length > 0) return null;
  if (declaration.type === 'ClassDeclaration') return declaration;
  if (declaration.type !== 'VariableDeclarator' || declaration.id.type !== 'Identifier') return null;
  const init = declaration.init ? bare(declaration.init) : null;
  return init && isClass(init) ? init : null;
}

function isClass(node: Node): node is ClassNode {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** A function that a module declares at its top level. */
export function namedFunction(module: ModuleScope, name: string): FunctionPlace | null {
  const binding = module.scopes.top.get(name);
  const node = binding ? functionOf(binding) : null;
  return node && { node, module };
}

/** The function that a name always refers to; null if it refers to something else or is assigned. */
export function functionOf({ declaration, assignments }: Binding): PlainFunction | null {
  if (assignments.length > 0) return null;
  if (declaration.type === 'FunctionDeclaration') return declaration;
  if (declaration.type !== 'VariableDeclarator' || declaration.id.type !== 'Identifier') return null;
  const init = declaration.init ? bare(declaration.init) : null;
  return init && isPlainFunction(init) ? init : null;
}

/** `const { exp } = Math`, `const exp = Math.exp`: the method that a name of the module refers to. */
export function mathMethodOf(binding: Binding, scopes: Scopes): string | null {
  const { declaration, assignments, name } = binding;
  if (assignments.length > 0 || declaration.type !== 'VariableDeclarator' || !declaration.init) return null;
  const init = bare(declaration.init);
  const isMath = (node: Node) =>
    node.type === 'Identifier' && node.name === 'Math' && !scopes.bindings.has(node);
  if (declaration.id.type === 'Identifier')
    return init.type === 'MemberExpression' &&
      !init.computed &&
      isMath(init.object) &&
      init.property.type === 'Identifier'
      ? init.property.name
      : null;
  if (declaration.id.type !== 'ObjectPattern' || !isMath(init)) return null;
  for (const each of declaration.id.properties)
    if (
      each.type === 'ObjectProperty' &&
      !each.computed &&
      each.key.type === 'Identifier' &&
      each.value.type === 'Identifier' &&
      each.value.name === name
    )
      return each.key.name;
  return null;
}

function assignedMembers(program: Program): ReadonlySet<string> {
  const names = new Set<string>();
  const assign = (target: Node) => {
    walk(target, (node) => {
      if (node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier')
        names.add(node.property.name);
      return true;
    });
  };
  walk(program, (node) => {
    if (node.type === 'AssignmentExpression') assign(node.left);
    if (node.type === 'UpdateExpression') assign(node.argument);
    return true;
  });
  return names;
}

function memo<T>(compute: () => T): () => T {
  let value: { readonly of: T } | null = null;
  return () => {
    value ??= { of: compute() };
    return value.of;
  };
}

function nameOf(node: { type: string; name?: unknown; value?: unknown }): string {
  return String(node.type === 'Identifier' ? node.name : node.value);
}
