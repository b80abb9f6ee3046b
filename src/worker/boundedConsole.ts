import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { shownText } from '../core/shownText';

const maxLines = 1000;

export interface ConsoleSink {
  line(text: string): void;
  /** Called once, from inside the call that passed the limit: its stack leads to the line at fault. */
  flooded(limit: number): void;
}

/**
 * Puts a console in the place of the global one, and of the process's own streams, that hands on the first 1,000 lines
 * and drops the rest. A loss that logs in every evaluation would otherwise fill the memory: nothing reads the streams
 * while a synchronous loop runs.
 */
export function installBoundedConsole(sink: ConsoleSink): void {
  let lines = 0;
  const take = (text: string) => {
    for (const line of text.replace(/\n$/, '').split(/\r\n?|\n/)) {
      lines++;
      if (lines <= maxLines) sink.line(shownText(line));
      else if (lines === maxLines + 1) sink.flooded(maxLines);
      else return;
    }
  };
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      take(String(chunk));
      done();
    },
  });
  const write = (chunk: unknown) => {
    take(String(chunk));
    return true;
  };
  Object.defineProperty(process.stdout, 'write', { value: write });
  Object.defineProperty(process.stderr, 'write', { value: write });
  globalThis.console = new Console({ stdout: stream, stderr: stream, colorMode: false });
}
