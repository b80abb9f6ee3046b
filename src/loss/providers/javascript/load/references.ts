import type { Function as FunctionNode, Identifier, Node, Program, Statement } from '@babel/types';
import { childNodes, isTypeNode } from './syntaxNode';

/** A use of a name as a value that no scope inside the module declares: an import, a top-level name or a global. */
export interface Reference {
  readonly node: Identifier;
  readonly parent: Node;
  /** `export { x }`, `export default x`, `import y = x.z`: a use that a type may have too. */
  readonly mayBeType: boolean;
}

export interface ModuleNames {
  /** Uses of names of the module's own scope and of globals, by name. */
  readonly references: ReadonlyMap<string, readonly Reference[]>;
  /** Values declared at the top level, imports left out. */
  readonly values: ReadonlySet<string>;
  /** Types declared at the top level, which may be values too (classes are only in `values`). */
  readonly types: ReadonlySet<string>;
}

export function namesOf(program: Program): ModuleNames {
  return new ScopeWalk().run(program);
}

type Scope = ReadonlySet<string>;

class ScopeWalk {
  readonly #references = new Map<string, Reference[]>();

  run(program: Program): ModuleNames {
    const values = new Set<string>();
    const types = new Set<string>();
    declareLexical(program.body, values);
    for (const statement of program.body) declareVars(statement, values);
    for (const statement of program.body) declareType(statement, types);
    for (const statement of program.body) this.#visit(statement, program, []);
    return { references: this.#references, values, types };
  }

  #visit(node: Node | null | undefined, parent: Node, scopes: readonly Scope[]): void {
    if (!node || isTypeNode(node)) return;
    switch (node.type) {
      case 'Identifier':
        this.#refer(node, parent, scopes, false);
        for (const child of childNodes(node)) this.#visit(child, node, scopes);
        return;
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        this.#visit(node.object, node, scopes);
        if (node.computed) this.#visit(node.property, node, scopes);
        return;
      case 'ObjectProperty':
        if (node.computed) this.#visit(node.key, node, scopes);
        this.#visit(node.value, node, scopes);
        return;
      case 'ClassProperty':
      case 'ClassAccessorProperty':
        if (node.computed) this.#visit(node.key, node, scopes);
        this.#visit(node.value, node, scopes);
        return;
      case 'ObjectMethod':
      case 'ClassMethod':
        if (node.computed) this.#visit(node.key, node, scopes);
        this.#function(node, scopes);
        return;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'ClassPrivateMethod':
        this.#function(node, scopes);
        return;
      case 'ClassDeclaration':
      case 'ClassExpression': {
        const inner = node.id ? [...scopes, new Set([node.id.name])] : scopes;
        for (const decorator of node.decorators ?? []) this.#visit(decorator, node, scopes);
        this.#visit(node.superClass, node, inner);
        this.#visit(node.body, node, inner);
        return;
      }
      case 'BlockStatement':
      case 'StaticBlock':
        this.#block(node.body, node, scopes);
        return;
      case 'SwitchStatement': {
        this.#visit(node.discriminant, node, scopes);
        const declared = new Set<string>();
        for (const each of node.cases) declareLexical(each.consequent, declared);
        for (const each of node.cases) this.#children(each, [...scopes, declared]);
        return;
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const head = node.type === 'ForStatement' ? node.init : node.left;
        const declared = new Set<string>();
        if (head?.type === 'VariableDeclaration' && head.kind !== 'var')
          for (const { id } of head.declarations) declarePattern(id, declared);
        this.#children(node, [...scopes, declared]);
        return;
      }
      case 'CatchClause': {
        const declared = new Set<string>();
        if (node.param) declarePattern(node.param, declared);
        this.#children(node, [...scopes, declared]);
        return;
      }
      case 'LabeledStatement':
        this.#visit(node.body, node, scopes);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        return;
      case 'ExportNamedDeclaration':
        this.#visit(node.declaration, node, scopes);
        if (node.source || node.exportKind === 'type') return;
        for (const specifier of node.specifiers)
          if (specifier.type === 'ExportSpecifier' && specifier.exportKind !== 'type')
            this.#refer(specifier.local, specifier, scopes, true);
        return;
      case 'ExportDefaultDeclaration':
        if (node.declaration.type === 'Identifier') this.#refer(node.declaration, node, scopes, true);
        else this.#visit(node.declaration, node, scopes);
        return;
      case 'VariableDeclaration':
        if (!node.declare) this.#children(node, scopes);
        return;
      case 'TSImportEqualsDeclaration': {
        let name = node.moduleReference;
        if (name.type === 'TSExternalModuleReference') return;
        while (name.type === 'TSQualifiedName') name = name.left as typeof name;
        if (name.type === 'Identifier') this.#refer(name, node, scopes, true);
        return;
      }
      case 'TSModuleDeclaration':
        return;
      case 'TSEnumDeclaration': {
        if (node.declare) return;
        const members = new Set<string>();
        for (const { id } of node.members) members.add(id.type === 'Identifier' ? id.name : id.value);
        for (const member of node.members) this.#visit(member.initializer, member, [...scopes, members]);
        return;
      }
      default:
        this.#children(node, scopes);
    }
  }

  #children(node: Node, scopes: readonly Scope[]): void {
    for (const child of childNodes(node)) this.#visit(child, node, scopes);
  }

  #block(body: readonly Statement[], parent: Node, scopes: readonly Scope[]): void {
    const declared = new Set<string>();
    declareLexical(body, declared);
    for (const statement of body) this.#visit(statement, parent, [...scopes, declared]);
  }

  #function(node: FunctionNode, scopes: readonly Scope[]): void {
    const declared = new Set<string>(node.type === 'ArrowFunctionExpression' ? [] : ['arguments']);
    if (node.type === 'FunctionExpression' && node.id) declared.add(node.id.name);
    for (const param of node.params) declarePattern(param, declared);
    if (node.body.type === 'BlockStatement')
      for (const statement of node.body.body) declareVars(statement, declared);
    const inner = [...scopes, declared];
    for (const param of node.params) this.#visit(param, node, inner);
    this.#visit(node.body, node, inner);
  }

  #refer(node: Identifier, parent: Node, scopes: readonly Scope[], mayBeType: boolean): void {
    if (scopes.some((scope) => scope.has(node.name))) return;
    const known = this.#references.get(node.name);
    const reference = { node, parent, mayBeType };
    if (known) known.push(reference);
    else this.#references.set(node.name, [reference]);
  }
}

/** Names that a list of statements declares in its own block. */
function declareLexical(body: readonly Node[], into: Set<string>): void {
  for (const statement of body) {
    const node =
      (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') &&
      statement.declaration
        ? statement.declaration
        : statement;
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
      case 'TSEnumDeclaration':
        if (node.id && !node.declare) into.add(node.id.name);
        break;
      case 'VariableDeclaration':
        if (node.kind !== 'var' && !node.declare)
          for (const { id } of node.declarations) declarePattern(id, into);
        break;
      case 'TSImportEqualsDeclaration':
        if (node.importKind !== 'type') into.add(node.id.name);
        break;
    }
  }
}

/** Names that `var` declares in a statement and below it, other functions left out. */
function declareVars(node: Node, into: Set<string>): void {
  if (node.type === 'VariableDeclaration') {
    if (node.kind === 'var' && !node.declare)
      for (const { id } of node.declarations) declarePattern(id, into);
    return;
  }
  if (isTypeNode(node) || node.type.endsWith('Expression') || node.type.startsWith('Class')) return;
  if (node.type === 'FunctionDeclaration') return;
  for (const child of childNodes(node)) declareVars(child, into);
}

function declareType(statement: Statement, into: Set<string>): void {
  const node =
    (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') &&
    statement.declaration
      ? statement.declaration
      : statement;
  switch (node.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      into.add(node.id.name);
      break;
    case 'TSModuleDeclaration':
      if (node.id.type === 'Identifier') into.add(node.id.name);
      break;
    case 'TSEnumDeclaration':
    case 'ClassDeclaration':
    case 'TSDeclareFunction':
      if (node.declare && node.id) into.add(node.id.name);
      break;
    case 'VariableDeclaration':
      if (node.declare) for (const { id } of node.declarations) declarePattern(id, into);
      break;
    case 'TSImportEqualsDeclaration':
      if (node.importKind === 'type') into.add(node.id.name);
      break;
  }
}

/** The names that a pattern binds. */
export function declarePattern(node: Node, into: Set<string>): void {
  switch (node.type) {
    case 'Identifier':
      into.add(node.name);
      return;
    case 'AssignmentPattern':
      declarePattern(node.left, into);
      return;
    case 'RestElement':
      declarePattern(node.argument, into);
      return;
    case 'ArrayPattern':
      for (const element of node.elements) if (element) declarePattern(element, into);
      return;
    case 'ObjectPattern':
      for (const property of node.properties)
        declarePattern(property.type === 'ObjectProperty' ? property.value : property, into);
      return;
    case 'TSParameterProperty':
      declarePattern(node.parameter, into);
      return;
  }
}
