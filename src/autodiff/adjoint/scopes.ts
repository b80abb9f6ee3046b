import type { Identifier, Node, Program } from '@babel/types';
import { evaluatedChildren, isFunction } from './syntax';

/** A declared name. */
export interface Binding {
  readonly name: string;
  readonly kind: 'import' | 'variable' | 'parameter' | 'function' | 'other';
  /** The declarator, function, import specifier or class that declares it. */
  readonly declaration: Node;
  readonly isModule: boolean;
  /** The function that it belongs to; null at the top level. */
  readonly owner: Node | null;
  /** Assignments and updates after its declaration. */
  readonly assignments: Node[];
  /** Whether a function below its own assigns it: then every call may. */
  isAssignedBelow: boolean;
}

export interface Scopes {
  /** The binding that an identifier refers to or declares; nothing for globals. */
  readonly bindings: ReadonlyMap<Node, Binding>;
  /** By name, of the module's own scope. */
  readonly top: ReadonlyMap<string, Binding>;
}

type Scope = {
  readonly names: Map<string, Binding>;
  readonly parent: Scope | null;
  readonly owner: Node | null;
};

export function resolveScopes(program: Program): Scopes {
  return new Resolver().run(program);
}

class Resolver {
  readonly #bindings = new Map<Node, Binding>();

  run(program: Program): Scopes {
    const top: Scope = { names: new Map(), parent: null, owner: null };
    this.#declareBlock(program.body, top);
    for (const statement of program.body) this.#declareVars(statement, top);
    for (const statement of program.body) this.#visit(statement, top);
    return { bindings: this.#bindings, top: top.names };
  }

  #declare(id: Node, scope: Scope, kind: Binding['kind'], declaration: Node): void {
    switch (id.type) {
      case 'Identifier': {
        const known = scope.names.get(id.name);
        const binding = known ?? {
          name: id.name,
          kind,
          declaration,
          isModule: scope.parent === null,
          owner: scope.owner,
          assignments: [],
          isAssignedBelow: false,
        };
        // Declared twice (var, or a function over a parameter): nothing is known of it any more.
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
          for (const each of node.specifiers) this.#declare(each.local, scope, 'import', each);
          break;
        case 'TSImportEqualsDeclaration':
          this.#declare(node.id, scope, 'other', node);
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

  #visit(node: Node, scope: Scope): void {
    switch (node.type) {
      case 'Identifier':
        this.#refer(node, scope);
        return;
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        this.#visit(node.object, scope);
        if (node.computed) this.#visit(node.property, scope);
        return;
      case 'ObjectProperty':
      case 'ClassProperty':
      case 'ClassAccessorProperty':
        if (node.computed) this.#visit(node.key, scope);
        if (node.value) this.#visit(node.value, scope);
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
        for (const each of node.body) this.#visit(each, inner);
        return;
      }
      case 'SwitchStatement': {
        this.#visit(node.discriminant, scope);
        const inner = this.#inner(scope);
        for (const each of node.cases) this.#declareBlock(each.consequent, inner);
        for (const each of node.cases) for (const child of evaluatedChildren(each)) this.#visit(child, inner);
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
        for (const child of evaluatedChildren(node)) this.#visit(child, inner);
        return;
      }
      case 'CatchClause': {
        const inner = this.#inner(scope);
        if (node.param) this.#declare(node.param, inner, 'other', node);
        for (const child of evaluatedChildren(node)) this.#visit(child, inner);
        return;
      }
      case 'ClassExpression': {
        const inner = this.#inner(scope);
        if (node.id) this.#declare(node.id, inner, 'other', node);
        for (const child of evaluatedChildren(node)) this.#visit(child, inner);
        return;
      }
      case 'LabeledStatement':
        this.#visit(node.body, scope);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        return;
      case 'ExportSpecifier':
        this.#visit(node.local, scope);
        return;
      case 'ExportNamedDeclaration':
        if (node.source) return;
        break;
    }
    if (isFunction(node)) {
      this.#function(node, scope);
      return;
    }
    for (const child of evaluatedChildren(node)) this.#visit(child, scope);
  }

  #inner(scope: Scope): Scope {
    return { names: new Map(), parent: scope, owner: scope.owner };
  }

  #function(node: Node, scope: Scope): void {
    if (!('params' in node) || !Array.isArray(node.params) || !('body' in node)) return;
    if ('key' in node && 'computed' in node && node.computed) this.#visit(node.key as Node, scope);
    const inner: Scope = { names: new Map(), parent: scope, owner: node };
    if (node.type === 'FunctionExpression' && node.id) this.#declare(node.id, inner, 'function', node);
    for (const each of node.params as Node[]) this.#declare(each, inner, 'parameter', node);
    const body = node.body as Node;
    if (body.type === 'BlockStatement') {
      for (const each of body.body) this.#declareVars(each, inner);
      this.#declareBlock(body.body, inner);
      for (const each of node.params as Node[]) this.#visit(each, inner);
      for (const each of body.body) this.#visit(each, inner);
      return;
    }
    for (const each of node.params as Node[]) this.#visit(each, inner);
    this.#visit(body, inner);
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

  #refer(node: Identifier, scope: Scope): void {
    if (this.#bindings.has(node)) return;
    const binding = lookup(node.name, scope);
    if (binding) this.#bindings.set(node, binding);
  }
}

function lookup(name: string, scope: Scope): Binding | null {
  for (let at: Scope | null = scope; at; at = at.parent) {
    const binding = at.names.get(name);
    if (binding) return binding;
  }
  return null;
}
