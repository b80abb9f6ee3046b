/**
 * The messages between this thread and the Python process, as `adamscope_bridge/channel.py` reads and writes them: a header (kind,
 * length of the payload) and a payload. Numbers are little-endian.
 */
import type { EvaluationContext } from '../../../../core/objective';
import type { SourceLocation } from '../../../../core/sourceLocation';

export const headerBytes = 16;

export const requestKinds = { json: 1, evaluate: 2 } as const;
export const replyKinds = { json: 1, numbers: 2, numbersAndNotices: 3, failed: 4 } as const;

export const flags = { withGradient: 1, silent: 2, validation: 4, provided: 8, beside: 16 } as const;

/** Header, then program, flags, number of indices, padding, step and epoch. */
const fixedBytes = headerBytes + 32;

/** What the process answers if the user's code failed. */
export interface BridgeFailure {
  /** null: the user's code raised an exception, which the message describes. */
  readonly code: string | null;
  readonly message: string;
  readonly place: SourceLocation | null;
  readonly stack: string;
  /** The module that could not be found and that a package may contain, and the interpreter that looked for it. */
  readonly missing?: { readonly module: string; readonly executable: string } | null;
}

export function headerOf(kind: number, length: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(kind, 0);
  header.writeBigUInt64LE(BigInt(length), 8);
  return header;
}

/** The kind and length of a message. */
export function readHeader(header: Buffer): { readonly kind: number; readonly length: number } {
  return { kind: header.readUInt32LE(0), length: Number(header.readBigUInt64LE(8)) };
}

/** A request to evaluate, whose memory is used again. */
export class EvaluationRequest {
  #buffer = Buffer.alloc(0);
  #indices: readonly number[] | null = null;

  /**
   * @param hasSamples  whether the context has indices
   * @returns the whole message, valid until the next call
   */
  write(
    program: number,
    flagged: number,
    { step, epoch, indices }: Pick<EvaluationContext, 'step' | 'epoch' | 'indices'>,
    hasSamples: boolean,
    params: Float64Array,
  ): Buffer {
    const count = hasSamples ? indices.length : 0;
    const at = fixedBytes + Math.ceil(count / 2) * 8;
    const length = at + params.byteLength;
    if (this.#buffer.length !== length) {
      this.#buffer = Buffer.from(new ArrayBuffer(length));
      this.#indices = null;
      headerOf(requestKinds.evaluate, length - headerBytes).copy(this.#buffer);
    }
    const buffer = this.#buffer;
    buffer.writeUInt32LE(program, 16);
    buffer.writeUInt32LE(flagged, 20);
    buffer.writeInt32LE(hasSamples ? count : -1, 24);
    buffer.writeDoubleLE(step, 32);
    buffer.writeDoubleLE(epoch, 40);
    // The arrays of a batch are frozen, so the same array has the same samples.
    if (hasSamples && this.#indices !== indices) {
      new Int32Array(buffer.buffer, fixedBytes, count).set(indices);
      this.#indices = indices;
    }
    new Float64Array(buffer.buffer, at, params.length).set(params);
    return buffer;
  }
}

/** A number as JSON can hold it: those that are not finite are words. */
export type Sent = number | string;

export function sent(numbers: Iterable<number>): Sent[] {
  return Array.from(numbers, (each) => (Number.isFinite(each) ? each : String(each)));
}
