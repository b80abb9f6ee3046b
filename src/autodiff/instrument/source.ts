import type { Node, Program, StringLiteral } from '@babel/types';

/** `@derivative numeric.norm2` before the function dNorm. */
export interface DerivativeTag {
  /** The function whose derivative is defined: a name of the module, or a member of one. */
  readonly functionName: string;
  readonly derivativeName: string;
  /** The range of the tag in the text of the module. */
  readonly from: number;
  readonly to: number;
}

/** One module of the user, as input of the instrumentation. */
export interface ModuleSource {
  readonly file: string;
  readonly text: string;
  readonly program: Program;
  readonly format: 'esm' | 'cjs';
  /** The specifier by which `import` and `require` find the runtime. */
  readonly runtimeSpecifier: string;
  /** Whether `x.length` is always a count in the whole program, because no module defines a `length`. */
  readonly lengthsAreCounts: boolean;
  /**
   * Whether an export of a module is code that is not instrumented: of a package or of the engine.
   *
   * @param name  null for the whole module
   */
  readonly isForeign: (specifier: StringLiteral, name: string | null) => boolean;
  /**
   * Whether the program contains code of packages that is not instrumented, so that any function may come
   * from there.
   */
  readonly mayCallForeign: boolean;
  /** Whether functions that the program calls may have derivative rules. */
  readonly hasCallRules: boolean;
  /** Whether some of these functions are the user's own, so that every call must be examined. */
  readonly hasOwnCallRules: boolean;
  /** The functions with `@derivative`. */
  readonly derivatives: readonly DerivativeTag[];
  /** Whether the module shows its variables to `dataBindings`, to find data that are not finite. */
  readonly showsVariables: boolean;
  /** The offset of the first token at or after an offset. */
  readonly nextToken: (from: number) => number;
  /** The range in the text of the file, for a range in `text`: the two differ if syntax was replaced before. */
  readonly fileRange: (from: number, to: number) => { readonly from: number; readonly to: number };
}

/** The edits of a module's text. They never touch text that other passes blank or replace. */
export interface TextEdits {
  /** Ranges nest. If two wraps have the same range, the later one is outside. */
  wrap(from: number, to: number, before: string, after: string): void;
  insert(at: number, text: string): void;
  replace(from: number, to: number, text: string): void;
  append(text: string): void;
}

/** The position of a node. Only nodes that were not created by the parser have none. */
export function startOf(node: Node): number {
  return node.start!;
}

export function endOf(node: Node): number {
  return node.end!;
}

/** The end of the evaluated part of a node, before types that follow it. */
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
