import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { shownText } from '../core/shownText';

const maxLines = 1000;
/** More of a line is not kept: it would not be shown. */
const keptLineLength = 4000;
/** How long lines wait, so that the last words of a dying engine come in one piece. */
const delayMs = 50;
/** How the JavaScript engine begins its report before it ends the process. */
const engineReport = /^(# Fatal error in|FATAL ERROR:|<--- Last few GCs)/;

/**
 * What a job's process writes to its standard output and error past the console that the user's code sees: native code,
 * and processes that the user's code starts. Hands on the first 1,000 lines and reads the rest without keeping it, so that
 * the writer neither waits nor fills the memory. The report of a dying engine is kept back.
 */
export class NativeOutput {
  /** Whether the engine reported that it dies. */
  engineDied = false;
  /** Settles when the streams are read to their end. */
  readonly ended: Promise<unknown>;
  readonly #onLines: (lines: readonly string[]) => void;
  readonly #streams: readonly Readable[];
  #waiting: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #count = 0;

  constructor(streams: readonly Readable[], onLines: (lines: readonly string[]) => void) {
    this.#streams = streams;
    this.#onLines = onLines;
    this.ended = Promise.all(streams.map((stream) => this.#follow(stream)));
  }

  /** Forwards pending output and closes the streams, which a process that outlives the job may keep open. */
  close(): void {
    clearTimeout(this.#timer);
    this.#flush();
    for (const stream of this.#streams) stream.destroy();
  }

  #follow(stream: Readable): Promise<void> {
    const decoder = new StringDecoder('utf8');
    let open = '';
    stream.on('data', (chunk: Buffer) => {
      if (this.#count > maxLines && !this.engineDied) return;
      const lines = (open + decoder.write(chunk)).split('\n');
      open = lines.pop()!.slice(0, keptLineLength);
      for (const line of lines) this.#take(line);
    });
    stream.on('error', () => {});
    return new Promise((resolve) => {
      stream.once('end', () => {
        if (open !== '') this.#take(open);
      });
      stream.once('close', resolve);
    });
  }

  #take(text: string): void {
    let line = text;
    if (engineReport.test(line)) this.engineDied = true;
    if (this.engineDied || this.#count > maxLines) return;
    if (this.#count++ === maxLines) line = `more than ${maxLines} lines of output; the rest is dropped`;
    this.#waiting.push(shownText(line));
    this.#timer ??= setTimeout(() => this.#flush(), delayMs);
  }

  #flush(): void {
    this.#timer = undefined;
    const lines = this.#waiting;
    this.#waiting = [];
    // The engine draws a frame around its report.
    if (this.engineDied) while (/^#?\s*$/.test(lines.at(-1) ?? 'none')) lines.pop();
    if (lines.length > 0) this.#onLines(lines);
  }
}
