import * as v from 'valibot';

/** A parameter tensor of a recorded training. */
export interface RecordedTensor {
  readonly name: string;
  /** Of the whole tensor, or of this rank's shard of it. */
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly device: string;
  /** The index of its parameter group. */
  readonly group: number;
  /** The position of its first number among all parameters. */
  readonly first: number;
  /** The number of its coordinates that statistics use. */
  readonly sampled: number;
}

/** The place of a call in the user's script. */
export interface ScriptPlace {
  /** Absolute path. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly function: string;
}

/** One of several processes that train together. */
export interface RecordedRank {
  readonly rank: number;
  readonly worldSize: number;
  /** The same for all ranks of a training. */
  readonly job: string;
  /** Whether a rank holds a part of each parameter only. */
  readonly sharded: boolean;
}

/** What the head of the file says of a recorded training: `docs/run-format.md`. */
export interface Recording {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** The class of the optimizer: "AdamW". */
  readonly optimizer: string;
  /** The module of that class: "torch.optim.adamw". */
  readonly module: string;
  /** The options of each parameter group at the start, as torch names them. */
  readonly groups: readonly Readonly<Record<string, unknown>>[];
  /** The number of all parameters. */
  readonly dim: number;
  readonly tensors: readonly RecordedTensor[];
  /** The positions of the coordinates whose values are recorded, ascending. */
  readonly coordinates: readonly number[];
  /** The optimizer's states that are recorded, by our names. */
  readonly states: readonly string[];
  /** The line that made the optimizer, or that called `watch`; null if it is not known. */
  readonly place: ScriptPlace | null;
  readonly argv: readonly string[];
  readonly environment: {
    readonly interpreter: string;
    readonly version: string;
    readonly packages: Readonly<Record<string, string>>;
  };
  /** The process that writes the file; absent if it is not known. */
  readonly process?: { readonly pid: number; readonly host: string };
  /** null for a training in one process. */
  readonly distributed: RecordedRank | null;
  /** The buffers of the model that ranks are compared by. */
  readonly buffers: readonly { readonly name: string }[];
}

const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** More parameters cannot be counted exactly. */
const position = v.pipe(count, v.maxValue(Number.MAX_SAFE_INTEGER));

export const placeSchema: v.GenericSchema<unknown, ScriptPlace> = v.object({
  file: text,
  line: count,
  function: v.optional(text, ''),
});

const recordingSchema = v.pipe(
  v.object({
    startedAt: v.number(),
    optimizer: text,
    module: text,
    groups: v.array(v.record(text, v.unknown())),
    dim: position,
    tensors: v.array(
      v.object({
        name: text,
        shape: v.array(position),
        dtype: text,
        device: text,
        group: count,
        first: position,
        sampled: count,
      }),
    ),
    coordinates: v.array(position),
    states: v.array(text),
    place: v.nullable(placeSchema),
    argv: v.array(text),
    environment: v.object({ interpreter: text, version: text, packages: v.record(text, text) }),
    process: v.exactOptional(v.object({ pid: count, host: text })),
    distributed: v.optional(
      v.nullable(
        v.object({ rank: count, worldSize: count, job: text, sharded: v.optional(v.boolean(), false) }),
      ),
      null,
    ),
    buffers: v.optional(v.array(v.object({ name: text })), []),
  }),
  v.check(
    ({ tensors, dim }) => tensors.every(({ first, shape }) => first + sizeOf(shape) <= dim),
    'a tensor lies outside the parameters',
  ),
  v.check(
    ({ tensors, groups }) => tensors.every(({ group }) => group < groups.length),
    'a tensor belongs to no group',
  ),
  v.check(
    ({ coordinates, dim }) => coordinates.every((c, k) => c < dim && (k === 0 || c > coordinates[k - 1]!)),
    'a recorded coordinate lies outside the parameters',
  ),
);

/** @returns the recording, or why it cannot be read, without a full stop */
export function readRecording(value: unknown): Recording | string {
  const parsed = v.safeParse(recordingSchema, value);
  return parsed.success ? parsed.output : `its head is damaged: ${parsed.issues[0].message}`;
}

/** The number of coordinates of a tensor. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** The names of the coordinates, as entries of `@names`: `encoder.weight[0..63][0..9]`. */
export function coordinateEntries({ tensors }: Recording): string[] {
  return tensors
    .filter(({ shape }) => sizeOf(shape) > 0)
    .map(({ name, shape }) => name + shape.map((length) => `[0..${length - 1}]`).join(''));
}

/** The tensor of a coordinate, by its index. */
export function tensorOf({ tensors }: Recording, coordinate: number): number {
  return tensors.findLastIndex(({ first, shape }) => coordinate >= first && sizeOf(shape) > 0);
}
