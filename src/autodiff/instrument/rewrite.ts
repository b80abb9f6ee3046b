import type { Identifier, Node } from '@babel/types';
import { evaluatedChildren, isErased } from '../syntax/nodes';
import type { Scopes } from '../syntax/scopes';
import { makesStrict } from '../syntax/strictCode';
import type { Accumulations } from './accumulations';
import { isUntraced } from './kind';
import type { Kinds } from './kinds';
import type { GeneratedNames } from './names';
import type { SiteTable } from './siteTable';
import { codeEnd, endOf, type ModuleSource, startOf, type TextEdits } from './source';

/** The use of an expression's value: as a value, only for its truthiness, or not at all. */
export type Use = 'value' | 'test' | 'unused';

export type Handlers = {
  readonly [T in Node['type']]?: (rewrite: Rewrite, node: Extract<Node, { type: T }>, use: Use) => void;
};

const identifierCharacter = /[\p{ID_Continue}$]/u;

/**
 * The instrumentation of one module, shared by all kinds of syntax. Each kind visits its children first, then
 * wraps.
 */
export class Rewrite {
  readonly source: ModuleSource;
  readonly edits: TextEdits;
  readonly kinds: Kinds;
  readonly scopes: Scopes;
  readonly names: GeneratedNames;
  readonly accumulations: Accumulations;
  /** Members that are called or deleted: they are not read as values. */
  readonly called = new WeakSet<Node>();
  /** The results of callbacks of `reduce` that are rewritten as sums. */
  readonly reduced = new Set<Node>();
  /** Whether the visited code is strict: a write that fails throws a TypeError there, and is ignored elsewhere. */
  isStrict: boolean;
  readonly #sites: SiteTable;
  readonly #handlers: Handlers;
  /** Offsets before which a parenthesis was inserted. */
  readonly #opened = new Set<number>();

  constructor(
    parts: Pick<Rewrite, 'source' | 'edits' | 'kinds' | 'scopes' | 'names' | 'accumulations'>,
    sites: SiteTable,
    handlers: Handlers,
  ) {
    this.source = parts.source;
    this.edits = parts.edits;
    this.kinds = parts.kinds;
    this.scopes = parts.scopes;
    this.names = parts.names;
    this.accumulations = parts.accumulations;
    this.isStrict = parts.source.format === 'esm';
    this.#sites = sites;
    this.#handlers = handlers;
  }

  visit(node: Node | null | undefined, use: Use = 'value'): void {
    if (!node || isErased(node)) return;
    const isOutsideStrict = this.isStrict;
    if (!isOutsideStrict) this.isStrict = makesStrict(node);
    this.#handle(node, use);
    this.isStrict = isOutsideStrict;
    if (node.type !== 'ForStatement' && node.type !== 'ForOfStatement') this.encloseSums(node);
    if (use === 'test' && !passesTestOn(node) && !isUntraced(this.kinds.of(node)))
      this.wrap(node, `${this.runtime}.truthy(`, ')');
  }

  #handle(node: Node, use: Use): void {
    const handler = this.#handlers[node.type] as
      | ((rewrite: Rewrite, node: Node, use: Use) => void)
      | undefined;
    if (handler) handler(this, node, use);
    else this.visitAll(evaluatedChildren(node));
  }

  visitAll(nodes: readonly (Node | null | undefined)[]): void {
    for (const node of nodes) this.visit(node);
  }

  /**
   * Encloses a statement in the beginning and the end of the sums that it forms.
   *
   * @param before  a text that may skip the enclosed statement
   */
  encloseSums(node: Node, before = ''): void {
    const names = this.accumulations.statements.get(node) ?? [];
    if (names.length === 0 && before === '') return;
    const begin = names.map((name) => `${name} = ${this.runtime}.open(${name}); `).join('');
    const end = names.map((name) => ` ${name} = ${this.runtime}.total(${name});`).join('');
    this.edits.wrap(startOf(node), endOf(node), `${before}{${begin}`, `;${end}}`);
  }

  /** The runtime's name in this module. */
  get runtime(): string {
    return this.names.runtime();
  }

  /** The name of the object with the functions that write members in the visited code. */
  get members(): string {
    return this.isStrict ? this.runtime : `${this.runtime}.loose`;
  }

  /** The number of a node's place. */
  site(node: Node): number {
    return this.siteOfRange(startOf(node), codeEnd(node));
  }

  /** The number of a place, given by a range of the module's text. */
  siteOfRange(start: number, end: number): number {
    const { from, to } = this.source.fileRange(start, end);
    return this.#sites.add(this.source.file, from, to);
  }

  wrap(node: Node, before: string, after: string): void {
    // A comma expression must be parenthesized to be a single argument.
    const isList = node.type === 'SequenceExpression';
    const [open, close] = isList ? [`${before}(`, `)${after}`] : [before, after];
    this.wrapStretch(startOf(node), codeEnd(node), open, close);
  }

  wrapStretch(from: number, to: number, before: string, after: string): void {
    if (before.startsWith('(')) this.#opened.add(from);
    // `return-x`, `typeof(x)`: an inserted name must not follow a keyword without a space.
    const touches =
      identifierCharacter.test(before[0] ?? '') && identifierCharacter.test(this.source.text[from - 1] ?? '');
    this.edits.wrap(from, to, touches ? ` ${before}` : before, after);
  }

  /** Whether a parenthesis was inserted at an offset. */
  isOpenedAt(offset: number): boolean {
    return this.#opened.has(offset);
  }

  /** Replaces the token after an offset by a text. */
  token(after: number, expected: string, text: string): void {
    const at = this.tokenAt(after, expected);
    this.edits.replace(at, at + expected.length, text);
  }

  tokenAt(after: number, expected: string): number {
    const at = this.source.nextToken(after);
    if (!this.source.text.startsWith(expected, at))
      throw new Error(`expected ${expected} at offset ${at} of ${this.source.file}`);
    return at;
  }

  /** Replaces a node that contains no type annotations, such as a name or a literal, by a text. */
  replace(node: Node, text: string): void {
    this.edits.replace(startOf(node), endOf(node), text);
  }

  isGlobal(node: Node, name?: string): node is Identifier {
    return this.kinds.isGlobal(node, name);
  }

  /** An expression that cannot be rewritten: executing it while traced values exist is refused. */
  refuse(node: Node, message: string): void {
    this.wrap(node, `${this.runtime}.refused(`, `, ${JSON.stringify(message)}, ${this.site(node)})`);
  }
}

/** Whether the truthiness of an expression is that of its operands. */
function passesTestOn(node: Node): boolean {
  switch (node.type) {
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'ConditionalExpression':
    case 'SequenceExpression':
      return true;
    case 'LogicalExpression':
      return node.operator !== '??';
    default:
      return false;
  }
}
