import type {
  Identifier,
  ImportDeclaration,
  Node,
  Program,
  TSEnumDeclaration,
  TSImportEqualsDeclaration,
} from '@babel/types';
import { evaluatedChildren, isErased, isFunction } from './nodes';

/** A declared name. */
export interface Binding {
  readonly name: string;
  readonly kind: 'import' | 'variable' | 'parameter' | 'function' | 'other';
  /** The declarator, function, import specifier or class that declares it. */
  readonly declaration: Node;
  readonly isModule: boolean;
  /** The function whose scope contains it; null at the top level. */
  readonly owner: Node | null;
  /** Assignments and updates after its declaration. */
  readonly assignments: Node[];
  /** Whether a nested function assigns it. If so, any call may change it. */
  isAssignedBelow: boolean;
}

/** A use of a global name, or of a name of the module's top-level scope (which includes imports). */
export interface Reference {
  readonly node: Identifier;
  readonly parent: Node;
  /** `export { x }`, `export default x`, `import y = x.z`: the name may also be a type. */
  readonly mayBeType: boolean;
}

/** The declarations that the names of a module refer to. Types are ignored. */
export interface Scopes {
  /** The binding that an identifier refers to or declares. Globals have no entry. */
  readonly bindings: ReadonlyMap<Node, Binding>;
  /** The bindings of the module's top-level scope, by name. */
  readonly top: ReadonlyMap<string, Binding>;
  /** Uses of global names and of names of the module's top-level scope, by name. */
  readonly references: ReadonlyMap<string, readonly Reference[]>;
}

type Scope = {
  readonly names: Map<string, Binding>;
  readonly parent: Scope | null;
  readonly owner: Node | null;
};

const known = new WeakMap<Program, Scopes>();

/** The scopes of a module. They are resolved once and shared by loading, rewriting and code generation. */
export function scopesOf(program: Program): Scopes {
  const before = known.get(program);
  if (before) return before;
  const scopes = new Resolver().run(program);
  known.set(program, scopes);
  return scopes;
}

class Resolver {
  readonly #bindings = new Map<Node, Binding>();
  readonly #references = new Map<string, Reference[]>();

  run(program: Program): Scopes {
    const top: Scope = { names: new Map(), parent: null, owner: null };
    this.#declareBlock(program.body, top);
    for (const statement of program.body) this.#declareVars(statement, top);
    for (const statement of program.body) this.#visit(statement, program, top);
    return { bindings: this.#bindings, top: top.names, references: this.#references };
  }

  #declare(id: Node, scope: Scope, kind: Binding['kind'], declaration: Node): void {
    switch (id.type) {
      case 'Identifier': {
        const known = scope.names.get(id.name);
        const binding = known ?? newBinding(id.name, kind, declaration, scope);
        // Declared twice (`var`, or a function with the name of a parameter): its value is no longer known.
        if (known) known.assignments.push(declaration);
        scope.names.set(id.name, binding);
        this.#bindings.set(id, binding);
        return;
      }
      case 'AssignmentPattern':
        this.#declare(id.left, scope, kind, declaration);
        return;
      case 'RestElement':
        this.#declare(id.argument, scope, kind, declaration);
        return;
      case 'TSParameterProperty':
        this.#declare(id.parameter, scope, kind, declaration);
        return;
      case 'ArrayPattern':
        for (const each of id.elements) if (each) this.#declare(each, scope, kind, declaration);
        return;
      case 'ObjectPattern':
        for (const each of id.properties)
          this.#declare(each.type === 'ObjectProperty' ? each.value : each, scope, kind, declaration);
    }
  }

  #declareBlock(body: readonly Node[], scope: Scope): void {
    for (const statement of body) {
      const isExport =
        statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
      const node = isExport && statement.declaration ? statement.declaration : statement;
      if ('declare' in node && node.declare) continue;
      switch (node.type) {
        case 'FunctionDeclaration':
          if (node.id) this.#declare(node.id, scope, 'function', node);
          break;
        case 'ClassDeclaration':
        case 'TSEnumDeclaration':
          if (node.id) this.#declare(node.id, scope, 'other', node);
          break;
        case 'ImportDeclaration':
          for (const each of node.specifiers)
            if (!isTypeImport(each, node)) this.#declare(each.local, scope, 'import', each);
          break;
        case 'TSImportEqualsDeclaration':
          if (node.importKind !== 'type') this.#declare(node.id, scope, 'other', node);
          break;
        case 'VariableDeclaration':
          if (node.kind !== 'var')
            for (const each of node.declarations) this.#declare(each.id, scope, 'variable', each);
          break;
      }
    }
  }

  #declareVars(node: Node, scope: Scope): void {
    if (node.type === 'VariableDeclaration') {
      if (node.kind === 'var' && !node.declare)
        for (const each of node.declarations) this.#declare(each.id, scope, 'variable', each);
      return;
    }
    if (isFunction(node) || node.type.endsWith('Expression') || node.type.startsWith('Class')) return;
    for (const child of evaluatedChildren(node)) this.#declareVars(child, scope);
  }

  #visit(node: Node | null | undefined, parent: Node, scope: Scope): void {
    if (!node || (isErased(node) && node.type !== 'TSImportEqualsDeclaration')) return;
    switch (node.type) {
      case 'Identifier':
        this.#refer(node, parent, scope, false);
        // Decorators of a parameter.
        break;
      case 'PrivateName':
        return;
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        this.#visit(node.object, node, scope);
        if (node.computed) this.#visit(node.property, node, scope);
        return;
      case 'ObjectProperty':
      case 'ClassProperty':
      case 'ClassAccessorProperty':
        if (node.computed) this.#visit(node.key, node, scope);
        this.#visit(node.value, node, scope);
        return;
      case 'AssignmentExpression':
        this.#assigned(node.left, node, scope);
        break;
      case 'UpdateExpression':
        this.#assigned(node.argument, node, scope);
        break;
      case 'BlockStatement':
      case 'StaticBlock': {
        const inner = this.#inner(scope);
        this.#declareBlock(node.body, inner);
        for (const each of node.body) this.#visit(each, node, inner);
        return;
      }
      case 'SwitchStatement': {
        this.#visit(node.discriminant, node, scope);
        const inner = this.#inner(scope);
        for (const each of node.cases) this.#declareBlock(each.consequent, inner);
        for (const each of node.cases) this.#children(each, inner);
        return;
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const head = node.type === 'ForStatement' ? node.init : node.left;
        const inner = this.#inner(scope);
        if (head?.type === 'VariableDeclaration' && head.kind !== 'var') this.#declareBlock([head], inner);
        if (node.type !== 'ForStatement' && head && head.type !== 'VariableDeclaration')
          this.#assigned(head, node, inner);
        this.#children(node, inner);
        return;
      }
      case 'CatchClause': {
        const inner = this.#inner(scope);
        if (node.param) this.#declare(node.param, inner, 'other', node);
        this.#children(node, inner);
        return;
      }
      case 'ClassExpression': {
        const inner = this.#inner(scope);
        if (node.id) this.#declare(node.id, inner, 'other', node);
        this.#children(node, inner);
        return;
      }
      case 'TSEnumDeclaration':
        this.#enum(node, scope);
        return;
      case 'LabeledStatement':
        this.#visit(node.body, node, scope);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        return;
      case 'ExportNamedDeclaration':
        this.#visit(node.declaration, node, scope);
        if (node.source || node.exportKind === 'type') return;
        for (const each of node.specifiers)
          if (each.type === 'ExportSpecifier' && each.exportKind !== 'type')
            this.#refer(each.local, each, scope, true);
        return;
      case 'ExportDefaultDeclaration':
        if (node.declaration.type === 'Identifier') this.#refer(node.declaration, node, scope, true);
        else this.#visit(node.declaration, node, scope);
        return;
      case 'TSImportEqualsDeclaration':
        this.#importEquals(node, scope);
        return;
    }
    if (isFunction(node)) this.#function(node, scope);
    else this.#children(node, scope);
  }

  #children(node: Node, scope: Scope): void {
    for (const child of evaluatedChildren(node)) this.#visit(child, node, scope);
  }

  /** Later members may use earlier members by name in their values. */
  #enum(node: TSEnumDeclaration, scope: Scope): void {
    const inner = this.#inner(scope);
    for (const { id } of node.members) {
      const name = id.type === 'Identifier' ? id.name : id.value;
      inner.names.set(name, newBinding(name, 'other', node, inner));
    }
    for (const member of node.members) this.#visit(member.initializer, member, inner);
  }

  /** `import y = x.z` uses x. */
  #importEquals(node: TSImportEqualsDeclaration, scope: Scope): void {
    let name: Node = node.moduleReference;
    while (name.type === 'TSQualifiedName') name = name.left;
    if (name.type === 'Identifier') this.#refer(name, node, scope, true);
  }

  #inner(scope: Scope): Scope {
    return { names: new Map(), parent: scope, owner: scope.owner };
  }

  #function(node: Node, scope: Scope): void {
    if (!('params' in node) || !Array.isArray(node.params) || !('body' in node)) return;
    if ('key' in node && 'computed' in node && node.computed) this.#visit(node.key as Node, node, scope);
    const inner: Scope = { names: new Map(), parent: scope, owner: node };
    if (node.type === 'FunctionExpression' && node.id) this.#declare(node.id, inner, 'function', node);
    for (const each of node.params as Node[]) this.#declare(each, inner, 'parameter', node);
    const body = node.body as Node;
    if (body.type === 'BlockStatement') {
      for (const each of body.body) this.#declareVars(each, inner);
      this.#declareBlock(body.body, inner);
      for (const each of node.params as Node[]) this.#visit(each, node, inner);
      for (const each of body.body) this.#visit(each, node, inner);
      return;
    }
    for (const each of node.params as Node[]) this.#visit(each, node, inner);
    this.#visit(body, node, inner);
  }

  #assigned(target: Node, by: Node, scope: Scope): void {
    switch (target.type) {
      case 'Identifier': {
        const binding = lookup(target.name, scope);
        if (!binding) return;
        binding.assignments.push(by);
        if (scope.owner !== binding.owner) binding.isAssignedBelow = true;
        return;
      }
      case 'AssignmentPattern':
        this.#assigned(target.left, by, scope);
        return;
      case 'RestElement':
        this.#assigned(target.argument, by, scope);
        return;
      case 'ParenthesizedExpression':
      case 'TSAsExpression':
      case 'TSNonNullExpression':
      case 'TSSatisfiesExpression':
      case 'TSTypeAssertion':
        this.#assigned(target.expression, by, scope);
        return;
      case 'ArrayPattern':
        for (const each of target.elements) if (each) this.#assigned(each, by, scope);
        return;
      case 'ObjectPattern':
        for (const each of target.properties)
          this.#assigned(each.type === 'ObjectProperty' ? each.value : each, by, scope);
    }
  }

  #refer(node: Identifier, parent: Node, scope: Scope, mayBeType: boolean): void {
    if (this.#bindings.has(node)) return;
    const binding = lookup(node.name, scope);
    if (binding) this.#bindings.set(node, binding);
    if (binding && !binding.isModule) return;
    const reference = { node, parent, mayBeType };
    const others = this.#references.get(node.name);
    if (others) others.push(reference);
    else this.#references.set(node.name, [reference]);
  }
}

function newBinding(name: string, kind: Binding['kind'], declaration: Node, scope: Scope): Binding {
  return {
    name,
    kind,
    declaration,
    isModule: scope.parent === null,
    owner: scope.owner,
    assignments: [],
    isAssignedBelow: false,
  };
}

function isTypeImport(specifier: ImportDeclaration['specifiers'][number], node: ImportDeclaration): boolean {
  const isType = (kind: unknown) => kind === 'type' || kind === 'typeof';
  return isType(node.importKind) || (specifier.type === 'ImportSpecifier' && isType(specifier.importKind));
}

function lookup(name: string, scope: Scope): Binding | null {
  for (let at: Scope | null = scope; at; at = at.parent) {
    const binding = at.names.get(name);
    if (binding) return binding;
  }
  return null;
}
