import type { Node, Program, StringLiteral } from '@babel/types';

/** One module of the user's, as the rewrite needs to know it. */
export interface ModuleSource {
  readonly file: string;
  readonly text: string;
  readonly program: Program;
  readonly format: 'esm' | 'cjs';
  /** What `import` and `require` get the runtime by. */
  readonly runtimeSpecifier: string;
  /** Whether `x.length` is a count in the whole program: no object of the user's has a length of its own. */
  readonly lengthsAreCounts: boolean;
  /**
   * Whether what a module exports under a name is code that is not rewritten: a package's, or the engine's own.
   *
   * @param name  null for the whole module
   */
  readonly isForeign: (specifier: StringLiteral, name: string | null) => boolean;
  /** The offset of the first token at or after an offset. */
  readonly nextToken: (from: number) => number;
}

/** The changes to a module's text. What other passes turn to blanks or replace is never touched. */
export interface TextEdits {
  /** Stretches nest; of two over the same stretch, the later one is outside. */
  wrap(from: number, to: number, before: string, after: string): void;
  insert(at: number, text: string): void;
  replace(from: number, to: number, text: string): void;
  append(text: string): void;
}

/** A place that cannot be rewritten, so that no exact gradient can be had of the program. */
export interface UnsupportedNode {
  readonly node: Node;
  readonly message: string;
}

/** Positions of a node. The parser gives every node both; only nodes made by hand lack them. */
export function startOf(node: Node): number {
  return node.start!;
}

export function endOf(node: Node): number {
  return node.end!;
}

/** Where the evaluated part of a node ends: before the types that follow it. */
export function codeEnd(node: Node): number {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
      return codeEnd(node.expression);
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression':
      return codeEnd(node.right);
    case 'ConditionalExpression':
      return codeEnd(node.alternate);
    case 'UnaryExpression':
    case 'AwaitExpression':
    case 'SpreadElement':
      return codeEnd(node.argument);
    case 'YieldExpression':
      return node.argument ? codeEnd(node.argument) : endOf(node);
    case 'ArrowFunctionExpression':
      return codeEnd(node.body);
    case 'SequenceExpression':
      return codeEnd(node.expressions.at(-1)!);
    default:
      return endOf(node);
  }
}
