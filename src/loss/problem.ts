import { configProblemCodes } from '../core/config/runConfig';
import type { SourceLocation } from '../core/sourceLocation';

/** The kinds of errors in the text of a tag's value. */
export const valueProblemCodes = ['malformed-value', 'missing-value', 'unexpected-text'] as const;
export type ValueProblemCode = (typeof valueProblemCodes)[number];

/**
 * Every kind of problem with a user's source, configuration or running loss. Code must identify a problem by
 * its code.
 */
export const problemCodes = [
  // Annotations and their configuration.
  ...valueProblemCodes,
  ...configProblemCodes,
  'unknown-tag',
  'duplicate-tag',
  'duplicate-option',
  'expectation-beyond-run',
  'wrong-dimension',
  'no-vector',
  'no-context',
  'no-argument',
  'not-exported',
  'bad-derivative',
  // Reading the modules of a loss.
  'unreadable',
  'syntax',
  'too-deep',
  'json',
  'tsconfig',
  'unresolved-import',
  'missing-export',
  'require-awaits',
  'unsupported-parameter-property',
  'unsupported-syntax',
  // Creating an objective from the modules.
  'no-python',
  'import-threw',
  'no-start',
  'bad-start',
  'bad-names',
  'no-gradient',
  'no-exact-gradient',
  'too-many-differences',
  'not-compared',
  'optimizer-check',
  // Running the objective.
  'loss-threw',
  'wrong-result',
  'forbidden-call',
  'console-flood',
  'timeout',
  'out-of-memory',
  'never-settles',
  'worker-crashed',
  // Storing the run on disk.
  'steps-damaged',
  'recording-failed',
  'not-kept',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/**
 * A problem in the user's source or input, with its place. Problems are collected, not thrown. Code
 * distinguishes them by `code`, never by message.
 */
export interface SourceProblem {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly location: SourceLocation;
  /** The text that a quick fix writes at the location ("adamw" instead of "adamx"). */
  readonly replacement?: string;
}

/** A problem that occurred while a loss was loaded or evaluated. */
export interface LossProblem extends SourceProblem {
  /** The stack, with the places in the user's source, for the output channel. */
  readonly stack?: string;
}
