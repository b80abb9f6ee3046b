import type { Node, ObjectExpression } from '@babel/types';
import type { Site } from '../../sites';
import type { InlinedFunction } from '../../syntax/nodes';
import type { Binding } from '../../syntax/scopes';
import { isWithin, type Slot, type Temp } from '../ir';
import type { TempKind } from '../shapes';
import { elements, rootOf, type Shape } from '../shapes';
import { Refused, siteOf, type Unsupported } from '../unsupported';
import { Builder } from './builder';
import type { Hints } from './hints';
import type { ModuleScope, Modules } from './modules';
import { type CallFrame, type Cell, findCell, runtimeValue, type Value } from './values';

/** A region that `return`, `break` or `continue` can leave. */
export type Region =
  | {
      readonly type: 'function';
      /** The slot for the value of several returns; null if the only return is at the end. */
      readonly result: Slot | null;
      returned: Value | null;
    }
  | { readonly type: 'loop'; readonly labels: readonly string[]; readonly exit: Slot | null }
  | { readonly type: 'iteration'; readonly labels: readonly string[] }
  /** Statements that are skipped after the flag is set. */
  | { readonly type: 'rest'; readonly left: Slot };

/**
 * The functions that lower each kind of syntax. They call each other: statements contain expressions,
 * expressions contain functions, functions contain statements. They are passed in, because their modules must
 * not import each other.
 */
export interface Grammar {
  expression(low: Lowering, node: Node): Value;
  statement(low: Lowering, node: Node): void;
  statements(low: Lowering, list: readonly Node[]): void;
  /** Inlines a call. */
  invoke(
    low: Lowering,
    called: InlinedFunction,
    outer: CallFrame,
    args: readonly Value[],
    node: Node,
    options?: InvokeOptions,
  ): Value;
  /** Lowers the body of a function that is being inlined, and returns its result. */
  functionBody(low: Lowering, called: InlinedFunction): Value;
}

export function isAlwaysTrue({ type }: Value): boolean {
  return type === 'function' || type === 'record' || type === 'class' || type === 'instance';
}

export interface InvokeOptions {
  /** The value of its rest parameter; null if it is made of the arguments. */
  readonly rest?: Value | null;
  /** `this` */
  readonly self?: Value | undefined;
}

export interface StoreOptions {
  readonly operator?: '=' | '+=' | '-=';
  readonly isInitial?: boolean;
}

/** The state of lowering the loss: the statements and names so far. */
export class Lowering {
  readonly builder: Builder;
  readonly hints: Hints;
  readonly modules: Modules;
  readonly reasons: Unsupported[] = [];
  readonly regions: Region[] = [];
  /** The functions that are being inlined, to detect recursion. */
  readonly calls: InlinedFunction[] = [];
  /** The name of the second argument of the loss in the generated code. */
  readonly contextName: string;
  readonly prefix: string;
  /** The object literals of modules whose functions were called, by the text that names them. */
  readonly objectLiterals = new Map<Temp, ObjectExpression>();
  /** Literal data of the loss that never changes, hoisted out of the function. */
  readonly constants: string[] = [];
  frame: CallFrame;
  /** The names of all calls that were inlined. Functions that they returned may still change their variables. */
  readonly finished: CallFrame[] = [];
  /** The names of each call that is being inlined, outermost first. */
  readonly frames: CallFrame[] = [];

  readonly #grammar: Grammar;

  constructor(modules: Modules, prefix: string, grammar: Grammar, hints: Hints) {
    this.hints = hints;
    this.builder = new Builder(hints);
    this.#grammar = grammar;
    this.modules = modules;
    this.prefix = prefix;
    this.contextName = `${prefix}context`;
    this.frame = { module: modules.home, parent: null, cells: new Map() };
  }

  evaluate(expression: Node): Value {
    return this.#grammar.expression(this, expression);
  }

  /** An expression as a number or other plain value. */
  scalar(expression: Node): Temp {
    return this.asScalar(this.evaluate(expression), expression);
  }

  statement(node: Node): void {
    this.#grammar.statement(this, node);
  }

  statements(list: readonly Node[]): void {
    this.#grammar.statements(this, list);
  }

  invoke(
    called: InlinedFunction,
    outer: CallFrame,
    args: readonly Value[],
    node: Node,
    options?: InvokeOptions,
  ): Value {
    return this.#grammar.invoke(this, called, outer, args, node, options);
  }

  functionBody(called: InlinedFunction): Value {
    return this.#grammar.functionBody(this, called);
  }

  get module(): ModuleScope {
    return this.frame.module;
  }

  site(node: Node): Site {
    return siteOf(node, this.module.source.file);
  }

  refuse(node: Node, message: string): never {
    throw new Refused({ ...this.site(node), message });
  }

  /** Lowers one statement. If it is unsupported, the problem is recorded, and lowering continues after it. */
  attempt(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (!error.isFollowUp) this.reasons.push(error.reason);
      return false;
    }
  }

  within<T>(frame: CallFrame, work: () => T): T {
    const outer = this.frame;
    this.frame = frame;
    this.frames.push(frame);
    try {
      return work();
    } finally {
      this.frame = outer;
      this.frames.pop();
      if (frame.cells.size > 0) this.finished.push(frame);
    }
  }

  binding(node: Node): Binding | null {
    return this.module.scopes.bindings.get(node) ?? null;
  }

  cell(binding: Binding, node: Node): Cell {
    const cell = findCell(this.frame, binding);
    if (!cell) this.refuse(node, `${binding.name} is used where its value is not known`);
    if (cell.type === 'refused') throw new Refused({ ...this.site(node), message: '' }, true);
    const place = cell.type === 'slot' ? cell.slot : cell.value.type === 'object' ? cell.value.temp : null;
    if (place?.block && !isWithin(this.builder.block, place.block))
      this.refuse(node, `${binding.name} comes from a branch that may not have run`);
    return cell;
  }

  bind(binding: Binding, cell: Cell): void {
    this.frame.cells.set(binding, cell);
  }

  text(text: string, kind: TempKind = 'any'): Temp {
    return this.builder.text(text, kind);
  }

  plain(parts: readonly string[], args: readonly Temp[], node: Node, kind: TempKind = 'any'): Temp {
    return this.builder.plain(parts, args, { kind, site: this.site(node) });
  }

  /** An operation whose result has no derivative, whatever its operands depend on. */
  question(parts: readonly string[], args: readonly Temp[], node: Node): Temp {
    return this.builder.plain(parts, args, { kind: 'bool', site: this.site(node), onActive: 'inactive' });
  }

  /** Converts a value to a value that exists at run time. */
  asScalar(value: Value, node: Node): Temp {
    switch (value.type) {
      case 'scalar':
        if (!this.builder.sees(value.temp))
          this.refuse(node, 'the value comes from a branch that may not have run');
        return value.temp;
      case 'context':
        return this.text(this.contextName);
      case 'namespace':
        if (value.text === null) this.refuse(node, 'a module that another module imports is used as a value');
        return this.text(value.text);
      case 'object':
        return this.refuse(
          node,
          'an object that the loss makes, or its parameters, are used as a whole here',
        );
      case 'record':
        return this.refuse(node, 'an object or list that the loss makes is used as a whole here');
      case 'function':
        return this.refuse(node, 'a function is used as a value here');
      case 'class':
        if (value.text === null) this.refuse(node, 'a class of another module is used as a value');
        return this.text(value.text);
      default:
        return this.refuse(node, 'this is used as a value');
    }
  }

  /** A value that a variable or an object can hold: a number, plain data, or an object. */
  held(value: Value, node: Node): Temp {
    if (value.type === 'object') {
      const { op } = value.temp;
      const isParameters = op.type === 'make' && op.form.type === 'parameters';
      return isParameters ? this.#copyOfParameters(value.temp, node) : this.seen(value.temp, node);
    }
    return value.type === 'record' ? this.#copied(value, node) : this.asScalar(value, node);
  }

  /** An operand of a comparison, which may be an object. */
  operand(expression: Node): Temp {
    const value = this.evaluate(expression);
    return value.type === 'object' ? this.seen(value.temp, expression) : this.asScalar(value, expression);
  }

  /** A condition: only whether the value counts as true matters. */
  condition(expression: Node): Temp {
    const value = this.evaluate(expression);
    if (value.type === 'object') return this.seen(value.temp, expression);
    return isAlwaysTrue(value) ? this.text('true', 'bool') : this.asScalar(value, expression);
  }

  seen(temp: Temp, node: Node): Temp {
    if (!this.builder.sees(temp)) this.refuse(node, 'the value comes from a branch that may not have run');
    return temp;
  }

  /** A list, checked not to be anything else. */
  listShape(object: Temp, node: Node): Shape {
    const shape = rootOf(object.shape!);
    shape.form ??= 'list';
    if (shape.form !== 'list') this.refuse(node, 'an object is used as a list here');
    return shape;
  }

  /** A record that exists only during lowering becomes an object. It has no identity, so it must not change. */
  #copied({ fields, isList }: Extract<Value, { type: 'record' }>, node: Node): Temp {
    const site = this.site(node);
    const values = [...fields].map(([name, value]) => [name, this.held(value, node)] as const);
    const made = isList
      ? this.builder.make({ type: 'list', items: values.map(([, temp]) => temp) }, node, site)
      : this.builder.make({ type: 'record', fields: new Map(values), spread: null }, node, site);
    rootOf(made.shape!).isCopied = true;
    return made;
  }

  /** Where the parameters meet other lists, a copy takes their place. It must not change. */
  #copyOfParameters(parameters: Temp, node: Node): Temp {
    const site = this.site(node);
    const { builder } = this;
    const copy = builder.make({ type: 'list', items: [] }, node, site);
    rootOf(copy.shape!).isCopied = true;
    const length = builder.length(parameters, site);
    const fixed = { object: copy, key: elements, operator: '=', isInitial: true, site } as const;
    builder.loop(
      { start: builder.number(0), step: 1, exit: null, changing: [] },
      {
        test: (index) => this.question(['(', ' < ', ')'], [index, length], node),
        body: (index) =>
          builder.store({ ...fixed, index, value: builder.load(parameters, elements, index, site) }),
      },
      site,
    );
    return copy;
  }

  lengthOf(list: Temp, node: Node): Temp {
    this.listShape(list, node);
    return this.builder.length(this.seen(list, node), this.site(node));
  }

  element(list: Temp, index: Temp, node: Node): Value {
    this.listShape(list, node);
    return runtimeValue(this.builder.load(this.seen(list, node), elements, index, this.site(node)));
  }

  field(record: Temp, name: string, node: Node): Value {
    const shape = rootOf(record.shape!);
    shape.form ??= 'record';
    if (shape.form !== 'record') this.refuse(node, `${name} of an array is not supported`);
    return runtimeValue(this.builder.load(this.seen(record, node), name, null, this.site(node)));
  }

  /** Sets an element of a list. `isInitial`: the list is not complete yet. */
  store(
    list: Temp,
    index: Temp,
    value: Temp,
    node: Node,
    { operator = '=', isInitial = false }: StoreOptions = {},
  ): void {
    this.listShape(list, node);
    const site = this.site(node);
    this.builder.store({
      object: this.seen(list, node),
      key: elements,
      index,
      value,
      operator,
      isInitial,
      site,
    });
  }
}
