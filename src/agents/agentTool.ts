import type * as v from 'valibot';
import type { SessionRuns } from './sessionRuns';
import type { Workplace } from './workplace';

export type ObjectSchema = v.GenericSchema<object, object>;

/** What a tool that a language model calls needs, beside its input. */
export interface CallContext {
  readonly workplace: Workplace;
  readonly runs: SessionRuns;
  /** Aborted when the client cancels the call or goes away. */
  readonly signal: AbortSignal;
  /** Receives the part of the work that is done, many times a second. */
  progress(done: number, total: number): void;
}

export interface Answer<T> {
  /** One to three sentences. */
  readonly text: string;
  readonly content: T;
  readonly picture?: Picture;
}

export interface Picture {
  readonly mimeType: 'image/png';
  readonly data: Uint8Array;
}

/** A tool that a language model calls, over MCP or in VS Code. */
export interface AgentTool<I extends ObjectSchema = ObjectSchema, O extends ObjectSchema = ObjectSchema> {
  readonly title: string;
  /** For the model: what it does, and when to use it. */
  readonly description: string;
  readonly input: I;
  readonly output: O;
  /** What it is about to run, for the question whether it may; null for a tool that runs no code. */
  readonly running: ((input: v.InferOutput<I>) => string) | null;
  /** @throws ToolProblem */
  call(input: v.InferOutput<I>, context: CallContext): Promise<Answer<v.InferInput<O>>>;
}

/** Checks the parts of a tool against each other. */
export function agentTool<I extends ObjectSchema, O extends ObjectSchema>(
  tool: AgentTool<I, O>,
): AgentTool<I, O> {
  return tool;
}
