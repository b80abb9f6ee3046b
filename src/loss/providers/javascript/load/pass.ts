import type { Node } from '@babel/types';
import type { ProblemCode, SourceProblem } from '../../../problem';
import type { Edits } from './edits';
import type { ParsedModule } from './parseModule';

/**
 * The input of a pass: the parsed module, the edits that all passes share, and the list to which it adds
 * problems.
 */
export interface PassContext {
  readonly module: ParsedModule;
  readonly edits: Edits;
  readonly problems: SourceProblem[];
}

/**
 * One transformation of a module between parsing and publishing. Every pass reads the original text, so their
 * order does not matter. Two passes never edit the same range.
 */
export type Pass = (context: PassContext) => void;

/** The start of a node. Only nodes that were not created by the parser have no position. */
export function startOf(node: Node): number {
  return node.start!;
}

export function endOf(node: Node): number {
  return node.end!;
}

export function report(
  { module, problems }: PassContext,
  node: { start?: number | null; end?: number | null },
  code: ProblemCode,
  message: string,
  severity: SourceProblem['severity'] = 'error',
): void {
  const location = module.source.location(node.start ?? 0, node.end ?? 0);
  problems.push({ code, severity, message, location });
}
