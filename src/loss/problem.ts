import { configProblemCodes } from '../core/config/runConfig';
import type { SourceLocation } from '../core/sourceLocation';

/** What can be wrong with a value of an annotation's tag, as text. */
export const valueProblemCodes = ['malformed-value', 'missing-value', 'unexpected-text'] as const;
export type ValueProblemCode = (typeof valueProblemCodes)[number];

/** Every kind of problem with a user's source, configuration or running loss. Problems are told apart by these alone. */
export const problemCodes = [
  // An annotation and the configuration that it gives.
  ...valueProblemCodes,
  ...configProblemCodes,
  'unknown-tag',
  'duplicate-tag',
  'duplicate-option',
  'expectation-beyond-run',
  'wrong-dimension',
  'not-exported',
  // Reading the modules of a loss.
  'unreadable',
  'syntax',
  'too-deep',
  'json',
  'tsconfig',
  'unresolved-import',
  'missing-export',
  'require-awaits',
  'unsupported-accessor',
  'unsupported-decorator',
  'unsupported-jsx',
  'unsupported-namespace',
  'unsupported-parameter-property',
  'unsupported-using',
  // Making an objective of them.
  'import-threw',
  'no-start',
  'bad-start',
  'bad-names',
  'no-gradient',
  'no-exact-gradient',
  // Running it.
  'loss-threw',
  'wrong-result',
  'forbidden-call',
  'console-flood',
  'timeout',
  'out-of-memory',
  'never-settles',
  'worker-crashed',
  // Keeping it on disk.
  'steps-damaged',
  'not-kept',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** Something wrong with the user's source or input, at its place. Collected, not thrown; handled by `code`, never by message. */
export interface SourceProblem {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly location: SourceLocation;
  /** Text to put in the location's place, for a quick fix ("adamw" for "adamx"). */
  readonly replacement?: string;
}

/** A problem met while a loss was loaded or evaluated. */
export interface LossProblem extends SourceProblem {
  /** The user's own frames of the stack, for the output channel. */
  readonly stack?: string;
}
