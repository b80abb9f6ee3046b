import { spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { endGroup, endMarked, markerVariable } from '../process/processFamily';

interface Holder {
  ref(): void;
  unref(): void;
}

/** How a process ended. `failure` if it could not be started. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly failure: string | null;
}

/** A process for one job, as its host sees it. */
export interface JobChild {
  /** To and from the process. */
  readonly pipe: Duplex;
  /** Its standard output and error. */
  readonly output: readonly Readable[];
  /** Settles once the process is gone. Never rejects. */
  readonly exited: Promise<Exit>;
  /** Ends the process with those that it started. */
  kill(): void;
  /** Ends the remaining child processes after the process has ended. */
  sweep(): void;
  /** Whether it keeps this process alive. */
  hold(holds: boolean): void;
}

/**
 * Starts a process that waits for a job. It leads a process group of its own, so that Ctrl-C in a terminal does not reach
 * it and one signal ends it with its children.
 *
 * @param processFile     the bundled process
 * @param marker          of its family
 * @param memoryLimitMb   of the job that it is likely to get
 */
export function startChild(processFile: string, marker: string, memoryLimitMb: number): JobChild {
  const child = spawn(process.execPath, [processFile, String(memoryLimitMb)], {
    detached: process.platform !== 'win32',
    windowsHide: true,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', [markerVariable]: marker },
    // 'overlapped' is 'pipe', and on Windows one that can be read and written at the same time.
    stdio: ['ignore', 'pipe', 'pipe', 'overlapped'],
  });
  const { stdout, stderr } = child;
  const pipe = child.stdio[3] as Duplex;
  const kill = () => {
    if (child.pid !== undefined) endGroup(child.pid);
  };
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, failure: null }));
    child.once('error', (error) => resolve({ code: null, signal: null, failure: error.message }));
  });
  return {
    pipe,
    output: [stdout!, stderr!],
    exited,
    kill,
    sweep() {
      if (process.platform !== 'win32') kill();
      endMarked(marker);
    },
    hold(holds) {
      // The streams are sockets, although their types do not say so.
      for (const each of [child, pipe, stdout, stderr] as unknown as Holder[])
        if (holds) each.ref();
        else each.unref();
    },
  };
}
