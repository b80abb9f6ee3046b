import type { FileHandle } from 'node:fs/promises';
import { headLength, messageOf, prefixBytes, type StreamMessage } from './message';

/** The part of a file handle that is used here. */
export type ReadableFile = Pick<FileHandle, 'read' | 'stat' | 'close'>;

/** A head of a message longer than this is damage: nothing that is written has such a head. */
const maxHeadBytes = 2 ** 28;
/** Most heads of batches are shorter. */
const usualHeadBytes = 4096;

/** Reads the messages of a file one by one. It never reads past the size that the file had when a message was requested. */
export class StreamReader {
  /** Where the last whole message ends. */
  end = 0;
  /** Why there are no more messages, without a full stop; null at the end of the file. */
  damage: string | null = null;
  /** Whether the file ends within a message, as after a crash while it was being written. */
  isCut = false;
  readonly #file: ReadableFile;
  #head: StreamMessage | null = null;

  constructor(file: ReadableFile) {
    this.#file = file;
  }

  /** The head of the next message; null if there is none. Its body is read by `bytes`, or skipped. */
  async next(): Promise<StreamMessage | null> {
    if (this.#head) this.end += this.#head.headBytes + this.#head.bodyBytes;
    this.#head = null;
    if (this.damage !== null) return null;
    const { size } = await this.#file.stat();
    const left = size - this.end;
    if (left <= 0) return null;
    const first = await this.#read(this.end, Math.min(left, usualHeadBytes));
    if (first.length < prefixBytes) return this.#cut();
    const length = headLength(first);
    if (typeof length === 'string') return this.#stop(length);
    if (length > maxHeadBytes) return this.#stop('the head of a batch is damaged');
    if (length > left) return this.#cut();
    const head = length <= first.length ? first.subarray(0, length) : await this.#read(this.end, length);
    if (head.length < length) return this.#cut();
    const message = messageOf(head);
    if (typeof message === 'string') return this.#stop(message);
    if (message.headBytes + message.bodyBytes > left) return this.#cut();
    this.#head = message;
    return message;
  }

  /** The bytes of the message that `next` returned. */
  bytes({ headBytes, bodyBytes }: StreamMessage): Promise<Uint8Array> {
    return this.#read(this.end, headBytes + bodyBytes);
  }

  /** After a message that was cut off: the next call of `next` reads it again. */
  retry(): void {
    if (!this.isCut) return;
    this.isCut = false;
    this.damage = null;
  }

  /** Makes the current message the first one that cannot be read. */
  reject(damage: string): void {
    this.#head = null;
    this.damage = damage;
  }

  #cut(): null {
    this.isCut = true;
    return this.#stop('its last batch is cut off');
  }

  #stop(damage: string): null {
    this.damage = damage;
    return null;
  }

  /** Less than `length` bytes at the end of the file. */
  async #read(from: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.#file.read(bytes, filled, length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }
}
