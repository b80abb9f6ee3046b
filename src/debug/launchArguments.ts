import * as v from 'valibot';
import type { RunConfigPatch } from '../core/config/runConfig';

/** The attributes of a launch configuration of type `adamscope`. */
export interface LaunchArguments {
  /** The file of the loss. */
  readonly program?: string;
  /** The name of the loss; absent: the only one of the file. */
  readonly loss?: string;
  /** A stored run or the recording of a training, which is read only: instead of a loss. */
  readonly run?: string;
  /** Whether it stops before the first step. Default: true. */
  readonly stopOnEntry: boolean;
  /** A condition: it goes on to the first step at which that holds, if it does not stop on entry. */
  readonly until?: string;
  /** Options that override the annotation, as in `adamscope.defaults`. */
  readonly config: RunConfigPatch;
}

const text = v.pipe(v.string(), v.minLength(1));
const schema = v.looseObject({
  program: v.exactOptional(text),
  loss: v.exactOptional(text),
  run: v.exactOptional(text),
  stopOnEntry: v.optional(v.boolean(), true),
  until: v.exactOptional(text),
  config: v.optional(v.record(v.string(), v.unknown()), {}),
});

/** @returns what is wrong with the attributes, as a sentence, if something is */
export function readLaunchArguments(given: unknown): LaunchArguments | string {
  const parsed = v.safeParse(schema, given);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = v.getDotPath(issue);
    return path
      ? `The attribute "${path}" of the launch configuration is wrong: ${issue.message}.`
      : `The launch configuration is wrong: ${issue.message}.`;
  }
  const { program, loss, run, stopOnEntry, until, config } = parsed.output;
  if (run === undefined && program === undefined)
    return 'The launch configuration needs "program", the file of a loss, or "run", a stored run.';
  return {
    ...(program !== undefined && { program }),
    ...(loss !== undefined && { loss }),
    ...(run !== undefined && { run }),
    stopOnEntry,
    ...(until !== undefined && { until }),
    config: config as RunConfigPatch,
  };
}
