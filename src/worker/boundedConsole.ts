import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { shownText } from '../core/shownText';

const maxLines = 1000;

export interface ConsoleSink {
  line(text: string): void;
  /**
   * Called once, during the call that exceeds the limit, so that the stack shows the line that made the call.
   */
  flooded(limit: number): void;
}

export interface BoundedConsole {
  /** Drops all lines until the returned function is called. */
  silence(): () => void;
  /** Whether lines are dropped now. */
  readonly isSilent: boolean;
}

/**
 * Replaces the global console and the `write` functions of the standard streams. The first 1,000 lines are
 * passed to the sink, and the rest is dropped. Otherwise a loss that logs in every evaluation would fill the
 * memory, because nothing reads the streams during a synchronous loop.
 */
export function installBoundedConsole(sink: ConsoleSink): BoundedConsole {
  let lines = 0;
  let silences = 0;
  const take = (text: string) => {
    if (silences > 0) return;
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
  return {
    silence() {
      silences++;
      return () => {
        silences--;
      };
    },
    get isSilent() {
      return silences > 0;
    },
  };
}
