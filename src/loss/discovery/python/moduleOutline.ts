import type { SyntaxNode } from '@lezer/common';
import { type CalledFunction, calledFunction, plainly } from './calledFunction';
import { childStatements, isMainGuard } from './statements';
import { itemsOf, lastNameIn, partsOf, unwrapped } from './syntaxTree';

/** A function or class of a module, or a variable that may hold a function. */
export interface OutlineEntry {
  readonly kind: 'function' | 'class' | 'variable';
  /** `loss`, `model.loss` or `Model.loss`. */
  readonly name: string;
  /** The address at which the module has it; null if it has none. */
  readonly exportName: string | null;
  readonly nameNode: SyntaxNode;
  readonly node: SyntaxNode;
  /** The node with its decorators. */
  readonly statement: SyntaxNode;
  /** The function that runs when the entry is called; null if this file does not say which one, and for a class. */
  readonly called: CalledFunction | null;
}

export interface ModuleOutline {
  readonly entries: readonly OutlineEntry[];
  /** The variables with their last values, as far as they have one value each. */
  readonly variables: ReadonlyMap<string, SyntaxNode | null>;
  readonly classes: ReadonlyMap<string, SyntaxNode>;
}

/** The functions, classes and variables at the top level of a module, also in `if` and `try` statements. */
export function outlineOf(top: SyntaxNode, text: string): ModuleOutline {
  const outline = new Outline(text);
  outline.block(top);
  return outline.finish();
}

/** A function or class with its decorators. */
export interface Definition {
  readonly node: SyntaxNode;
  readonly statement: SyntaxNode;
  readonly nameNode: SyntaxNode;
  readonly name: string;
}

/** The function or class that a statement defines; null if it is another statement, or incomplete. */
export function definitionIn(statement: SyntaxNode, text: string): Definition | null {
  const node =
    statement.name === 'DecoratedStatement'
      ? (statement.getChild('FunctionDefinition') ?? statement.getChild('ClassDefinition'))
      : statement;
  if (node?.name !== 'FunctionDefinition' && node?.name !== 'ClassDefinition') return null;
  const nameNode = node.getChild('VariableName');
  if (!nameNode) return null;
  return { node, statement, nameNode, name: text.slice(nameNode.from, nameNode.to) };
}

/** Whether a function can be called for a number: it is no coroutine, generator, property or declaration. */
export function isPlainFunction({ node, statement }: Definition, text: string): boolean {
  if (node.name !== 'FunctionDefinition' || node.getChild('async')) return false;
  const names = decoratorsOf(statement, text);
  return !names.some((name) => unusable.has(name)) && !yields(node);
}

const unusable = new Set([
  'property',
  'cached_property',
  'setter',
  'getter',
  'deleter',
  'overload',
  'abstractmethod',
  'fixture',
]);

/** Methods that return the object on which they are called. */
const returnsItself = new Set(['to', 'double', 'float', 'eval', 'train', 'cpu', 'cuda', 'requires_grad_']);
/** Classes may inherit from each other, by mistake in a circle. */
const deepest = 20;

/** Values that may be functions without being known as such. */
const mayBeCallable = new Set(['CallExpression', 'VariableName', 'MemberExpression']);

/** A variable with the last statement that assigns it. */
interface Assignment {
  readonly nameNode: SyntaxNode;
  readonly statement: SyntaxNode;
  readonly value: SyntaxNode;
}

/** A definition with the block that contains it. */
type BlockDefinition = Definition & { readonly block: SyntaxNode };

class Outline {
  readonly #functions = new Map<string, BlockDefinition>();
  readonly #classes = new Map<string, BlockDefinition>();
  readonly #variables = new Map<string, SyntaxNode | null>();
  readonly #assignments = new Map<string, Assignment>();
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  block(block: SyntaxNode): void {
    for (const statement of childStatements(block)) {
      const definition = definitionIn(statement, this.#text);
      if (definition) this.#define(definition, block);
      else if (statement.name === 'AssignStatement') this.#assign(statement);
      else if (statement.name === 'TypeDefinition') this.#typeAlias(statement);
      else if (statement.name === 'ImportStatement') this.#import(statement);
      else if (statement.name === 'TryStatement' || statement.name === 'IfStatement')
        for (const body of statement.getChildren('Body'))
          if (!isMainGuard(body, this.#text)) this.block(body);
    }
  }

  finish(): ModuleOutline {
    const entries: OutlineEntry[] = [...this.#functions.values()].map((definition) => ({
      ...definition,
      kind: 'function',
      exportName: definition.name,
      called: plainly(definition.node, false),
    }));
    const instances = this.#instances();
    const withInstance = new Set<number>();
    for (const [instance, definition] of instances)
      for (const method of this.#methodsOf(definition, 0).values()) {
        const kind = methodKind(method, this.#text);
        if (kind !== 'instance') continue;
        withInstance.add(method.node.from);
        const name = `${instance}.${method.name}`;
        entries.push({
          ...method,
          kind: 'function',
          name,
          exportName: name,
          called: plainly(method.node, true),
        });
      }
    for (const definition of this.#classes.values()) {
      entries.push({ ...definition, kind: 'class', exportName: definition.name, called: null });
      for (const method of this.#ownMethods(definition).values()) {
        if (withInstance.has(method.node.from)) continue;
        const kind = methodKind(method, this.#text);
        const name = `${definition.name}.${method.name}`;
        entries.push({
          ...method,
          kind: 'function',
          name,
          exportName: kind === 'instance' ? null : name,
          called: plainly(method.node, kind !== 'static'),
        });
      }
    }
    entries.push(...this.#variablesThatMayBeCalled(entries));
    entries.sort((a, b) => a.statement.from - b.statement.from);
    const classes = new Map([...this.#classes].map(([name, { node }]) => [name, node]));
    return { entries, variables: this.#variables, classes };
  }

  #define(definition: Definition, block: SyntaxNode): void {
    const placed = { ...definition, block };
    const known = definition.node.name === 'ClassDefinition' ? this.#classes : this.#functions;
    const before = known.get(definition.name);
    // Of the branches of an `if` or `try` statement, the first one is read. In sequence, the last one counts.
    const replaces = !before || before.block.from === block.from || block.parent === null;
    if (replaces && (known === this.#classes || isPlainFunction(definition, this.#text)))
      known.set(definition.name, placed);
  }

  #assign(statement: SyntaxNode): void {
    const targets = itemsBetweenAssignments(partsOf(statement));
    const value = targets.pop();
    for (const target of targets)
      for (const [nameNode] of itemsOf(target)) {
        if (nameNode?.name !== 'VariableName') continue;
        const name = this.#slice(nameNode);
        const single = itemsOf(target).length === 1 && value?.length === 1 ? value[0]! : null;
        this.#variables.set(name, single);
        if (single) this.#assignments.set(name, { nameNode, statement, value: single });
        else this.#assignments.delete(name);
      }
  }

  /** `loss = jax.jit(f)`. @param functions  the entries that these variables may name */
  #variablesThatMayBeCalled(functions: readonly OutlineEntry[]): OutlineEntry[] {
    const named = new Map(functions.map((entry) => [entry.exportName, entry.called]));
    const functionNamed = (address: string) => named.get(address) ?? null;
    return [...this.#assignments].flatMap(([name, { nameNode, statement, value }]) => {
      const called = calledFunction(value, this.#text, functionNamed);
      if (!called && !mayBeCallable.has(unwrapped(value).name)) return [];
      return [{ kind: 'variable', name, exportName: name, nameNode, node: statement, statement, called }];
    });
  }

  /** `type Vector = np.ndarray` */
  #typeAlias(statement: SyntaxNode): void {
    const name = statement.getChild('VariableName');
    const value = statement.lastChild;
    if (name && value && value.from !== name.from) this.#variables.set(this.#slice(name), value);
  }

  /** `from jax import Array as A`: a name of another module, with the name that it has there. */
  #import(statement: SyntaxNode): void {
    const parts = partsOf(statement);
    const start = parts.findIndex(({ name }) => name === 'import');
    for (const [name, as, local] of itemsOf(parts.slice(start + 1))) {
      if (name?.name !== 'VariableName') continue;
      if (as?.name === 'as' && local?.name === 'VariableName') this.#variables.set(this.#slice(local), name);
      else if (!this.#variables.has(this.#slice(name))) this.#variables.set(this.#slice(name), null);
    }
  }

  /** The objects of the module with the class of each: `model = Model(3)`. */
  #instances(): [string, Definition][] {
    return [...this.#variables].flatMap(([name, value]) => {
      const definition = value && this.#classOf(value);
      return definition ? [[name, definition] satisfies [string, Definition]] : [];
    });
  }

  #classOf(value: SyntaxNode): Definition | null {
    let callee = calleeOf(value);
    // `Model().to(device)`
    while (callee && returnsItself.has(lastNameIn(callee, this.#text) ?? ''))
      callee = calleeOf(callee.firstChild);
    return callee?.name === 'VariableName' ? (this.#classes.get(this.#slice(callee)) ?? null) : null;
  }

  #methodsOf(definition: Definition, depth: number): Map<string, Definition> {
    const methods = new Map<string, Definition>();
    if (depth > deepest) return methods;
    const args = definition.node.getChild('ArgList');
    for (const [base, ...more] of args ? itemsOf(partsOf(args)).reverse() : []) {
      const parent =
        base?.name === 'VariableName' && more.length === 0 ? this.#classes.get(this.#slice(base)) : null;
      if (parent && parent !== definition)
        for (const [name, method] of this.#methodsOf(parent, depth + 1)) methods.set(name, method);
    }
    for (const [name, method] of this.#ownMethods(definition)) methods.set(name, method);
    return methods;
  }

  #ownMethods({ node }: Definition): Map<string, Definition> {
    const methods = new Map<string, Definition>();
    const body = node.getChild('Body');
    for (const statement of body ? childStatements(body) : []) {
      const method = definitionIn(statement, this.#text);
      if (method && isPlainFunction(method, this.#text)) methods.set(method.name, method);
    }
    return methods;
  }

  #slice({ from, to }: SyntaxNode): string {
    return this.#text.slice(from, to);
  }
}

/** The parts of `a = b = 1`, without the types of the targets. */
function itemsBetweenAssignments(parts: readonly SyntaxNode[]): SyntaxNode[][] {
  const items: SyntaxNode[][] = [[]];
  for (const part of parts) {
    if (part.name === 'AssignOp') items.push([]);
    else if (part.name !== 'TypeDef') items.at(-1)!.push(part);
  }
  return items;
}

function calleeOf(value: SyntaxNode | null): SyntaxNode | null {
  return value?.name === 'CallExpression' ? value.firstChild : null;
}

function methodKind({ statement }: Definition, text: string): 'instance' | 'static' | 'class' {
  const names = decoratorsOf(statement, text);
  if (names.includes('staticmethod')) return 'static';
  return names.includes('classmethod') ? 'class' : 'instance';
}

/** The last names of the decorators: `jit` of `@jax.jit` and of `@jax.jit(…)`. */
function decoratorsOf(statement: SyntaxNode, text: string): string[] {
  return statement.getChildren('Decorator').map((decorator) => {
    const names = partsOf(decorator).filter(({ name }) => name === 'VariableName' || name === 'PropertyName');
    const last = names.at(-1);
    return last ? text.slice(last.from, last.to) : '';
  });
}

/** Whether a function contains a `yield` of its own. */
function yields(node: SyntaxNode): boolean {
  let found = false;
  node.cursor().iterate(({ name, from }) => {
    if (name === 'YieldStatement' || name === 'YieldExpression' || name === 'yield') found = true;
    const isInner =
      name === 'FunctionDefinition' || name === 'LambdaExpression' || name === 'ClassDefinition';
    return !found && (!isInner || from === node.from);
  });
  return found;
}
