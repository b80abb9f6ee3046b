import type { RunConfig } from './config/runConfig';
import type { RecordedState } from './optimizers/optimizer';
import { phasesOf, stateNamesOf } from './phases';
import type { Checkpoint } from './runLoop';

/**
 * A checkpoint as float64 numbers, from which the run continues with the same bits:
 *
 *   t | theta, shape [dim] | each state array, shape [dim] | best theta so far, shape [dim] | text | length of the text
 *
 * where the text, one byte a character and padded with spaces to whole numbers, is JSON of the rest of the state. Who keeps
 * keyframes need not know what is in them.
 */
export interface Keyframe {
  readonly t: number;
  readonly values: Float64Array<ArrayBuffer>;
}

export function encodeKeyframe(config: RunConfig, { t, update, best, ...rest }: Checkpoint): Keyframe {
  const { params, optimizer, ...scalars } = update;
  const vectors = [params, ...optimizer.state, best.params ?? params];
  const text = JSON.stringify(
    {
      state: activeStates(config, update.view.phase),
      stateScalars: optimizer.scalars && [...optimizer.scalars],
      ...scalars,
      best: { t: best.t, loss: best.loss, hasPoint: best.params !== null },
      ...rest,
    },
    replaceNumber,
  );
  const textAt = 1 + vectors.length * params.length;
  const values = new Float64Array(textAt + Math.ceil(text.length / 8) + 1);
  values[0] = t;
  vectors.forEach((vector, i) => {
    values.set(vector, 1 + i * params.length);
  });
  const characters = new Uint8Array(values.buffer, 8 * textAt, values.byteLength - 8 * textAt - 8);
  for (let i = 0; i < characters.length; i++) characters[i] = i < text.length ? text.charCodeAt(i) : space;
  values[values.length - 1] = characters.length;
  return { t, values };
}

/**
 * The checkpoint of a keyframe. Its vectors share the memory of the keyframe.
 *
 * @param dim  of the run
 * @throws RangeError if the keyframe does not belong to a run with this configuration
 */
export function decodeKeyframe(config: RunConfig, dim: number, { t, values }: Keyframe): Checkpoint {
  const length = values[values.length - 1]!;
  const textAt = values.length - 1 - length / 8;
  if (!Number.isInteger(textAt) || textAt < 1) throw new RangeError(wrongKeyframe);
  const characters = new Uint8Array(values.buffer, values.byteOffset + 8 * textAt, length);
  const { state, stateScalars, best, patience, tolerance, ...update } = parsedText(characters);
  const own = activeStates(config, update.view.phase);
  if (values[0] !== t || update.view.t !== t || state.join() !== own.join())
    throw new RangeError(wrongKeyframe);
  if (textAt !== 1 + dim * (2 + own.length)) throw new RangeError(wrongKeyframe);
  const vector = (i: number) => values.subarray(1 + i * dim, 1 + (i + 1) * dim);
  return {
    t,
    update: {
      ...update,
      params: vector(0),
      optimizer: {
        state: own.map((_, i) => vector(1 + i)),
        scalars: stateScalars && Float64Array.from(stateScalars),
      },
    },
    best: { t: best.t, loss: best.loss, params: best.hasPoint ? vector(1 + own.length) : null },
    patience,
    tolerance,
  };
}

const wrongKeyframe = 'the state belongs to another run';
const space = 0x20;

/** The JSON of a keyframe. */
interface Scalars
  extends Omit<Checkpoint['update'], 'params' | 'optimizer'>,
    Pick<Checkpoint, 'patience' | 'tolerance'> {
  readonly state: readonly string[];
  readonly stateScalars: readonly number[] | null;
  readonly best: { readonly t: number; readonly loss: number; readonly hasPoint: boolean };
}

/** What a file contains is trusted here, because every repetition from it is compared with the record of the run. */
function parsedText(characters: Uint8Array): Scalars {
  let text = '';
  for (const character of characters) text += String.fromCharCode(character);
  try {
    return JSON.parse(text, restoreNumber) as Scalars;
  } catch {
    throw new RangeError(wrongKeyframe);
  }
}

/** A number that JSON does not have, as in the other JSON of a run file. */
function replaceNumber(_key: string, value: unknown): unknown {
  if (Object.is(value, -0)) return { number: '-0' };
  return typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value;
}

function restoreNumber(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'number' in value ? Number(value.number) : value;
}

/** The states of the optimizer that makes the steps of a phase, in their order. Groups belong to the first one. */
function activeStates(config: RunConfig, phase: number): readonly RecordedState[] {
  if (phase === 0 && config.groups) return stateNamesOf(config);
  const { definition, options } = phasesOf(config)[phase] ?? phasesOf(config)[0];
  return definition.stateNames(options);
}
