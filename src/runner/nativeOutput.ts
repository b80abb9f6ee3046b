import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { shownText } from '../core/shownText';

const maxLines = 1000;
/** The number of characters of a line that are kept. More would not be shown. */
const keptLineLength = 4000;
/** How long lines are held back, so that a crash report of the engine is recognized as a whole. */
const delayMs = 50;
/**
 * The line by which the crash report that the JavaScript engine prints before it ends the process is
 * recognized.
 */
const engineReport = /^(# Fatal error in|FATAL ERROR:|<--- Last few GCs)/;

/**
 * Reads the standard output and error of a job's process. Native code and child processes write there
 * directly, without the console of the user's code. The first 1,000 lines are passed on, and the rest is read
 * and dropped, so that the writer never waits and the memory does not fill. The crash report of the engine is
 * not passed on.
 */
export class NativeOutput {
  /** Whether the engine printed a crash report. */
  engineDied = false;
  /** Settles when the streams have been read to their end. */
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

  /** Passes pending output on and closes the streams, which a process that outlives the job may keep open. */
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
    // In a crash report, empty lines and lines with only a "#" precede the line by which it is recognized.
    if (this.engineDied) while (/^#?\s*$/.test(lines.at(-1) ?? 'none')) lines.pop();
    if (lines.length > 0) this.#onLines(lines);
  }
}
