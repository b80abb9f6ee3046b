import type { Node } from '@babel/types';
import type { Site } from '../../sites';
import type { PlainFunction } from '../../syntax/nodes';
import type { Binding } from '../../syntax/scopes';
import { isWithin, type LocalArray, type Slot, type Temp, type TempKind } from '../ir';
import { Refused, siteOf, type Unsupported } from '../unsupported';
import { Builder } from './builder';
import type { ModuleScope, Modules } from './modules';
import { type CallFrame, type Cell, findCell, type Value } from './values';

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
  /** Lowers the body of a function that is being inlined, and returns its result. */
  functionBody(low: Lowering, called: PlainFunction): Value;
}

/** The state of lowering the loss: the statements and names so far. */
export class Lowering {
  readonly builder = new Builder();
  readonly modules: Modules;
  readonly reasons: Unsupported[] = [];
  readonly regions: Region[] = [];
  /** The functions that are being inlined, to detect recursion. */
  readonly calls: PlainFunction[] = [];
  /** The name of the second argument of the loss in the generated code. */
  readonly contextName: string;
  readonly prefix: string;
  /** Literal data of the loss that never changes, hoisted out of the function. */
  readonly constants: string[] = [];
  frame: CallFrame;
  /** The names of each call that is being inlined, outermost first. */
  readonly frames: CallFrame[] = [];

  readonly #grammar: Grammar;

  constructor(modules: Modules, prefix: string, grammar: Grammar) {
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

  functionBody(called: PlainFunction): Value {
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
    }
  }

  binding(node: Node): Binding | null {
    return this.module.scopes.bindings.get(node) ?? null;
  }

  cell(binding: Binding, node: Node): Cell {
    const cell = findCell(this.frame, binding);
    if (!cell) this.refuse(node, `${binding.name} is used where its value is not known`);
    if (cell.type === 'refused') throw new Refused({ ...this.site(node), message: '' }, true);
    const place = cell.type === 'slot' ? cell.slot : cell.value.type === 'array' ? cell.value.array : null;
    if (place && !isWithin(this.builder.block, place.block))
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
      case 'array':
        return this.refuse(node, 'an array that the loss makes, or its parameters, are used as a whole here');
      case 'record':
        return this.refuse(node, 'an object or list that the loss makes is used as a whole here');
      case 'function':
        return this.refuse(node, 'a function is used as a value here');
      default:
        return this.refuse(node, 'this is used as a value');
    }
  }

  lengthOf(array: LocalArray, node: Node): Temp {
    return this.builder.length(array, this.site(node));
  }
}
