import { spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { endGroup, endMarked, markerVariable } from '../process/processFamily';

interface Holder {
  ref(): void;
  unref(): void;
}

/** How a process ended. `failure` is the reason if it could not be started. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly failure: string | null;
}

/** The host's handle of a process for one job. */
export interface JobChild {
  /** The pipe to and from the process. */
  readonly pipe: Duplex;
  /** The standard output and standard error of the process. */
  readonly output: readonly Readable[];
  /** Settles when the process has ended. Never rejects. */
  readonly exited: Promise<Exit>;
  /** Ends the process and its child processes. */
  kill(): void;
  /** Ends child processes that remain after the process has ended. */
  sweep(): void;
  /** Sets whether the child keeps the host process alive. */
  hold(holds: boolean): void;
}

/** glibc's largest threshold. Longer vectors are always memory of their own. */
const mappedAbove = 2 ** 25;
const keptAtMost = 2 ** 27;

/**
 * Variables of glibc's allocator. A loss makes and drops vectors at every step; by default, each one above 128 KiB is new memory of the
 * system, whose pages take five times as long as copying the vector. With these, the process keeps up to a sixteenth of its memory
 * limit, which the limit still counts. Other systems ignore the variables.
 */
function keptMemory(memoryLimitMb: number): NodeJS.ProcessEnv {
  const kept = Math.min(keptAtMost, memoryLimitMb * 2 ** 16);
  return { MALLOC_MMAP_THRESHOLD_: String(mappedAbove), MALLOC_TRIM_THRESHOLD_: String(kept) };
}

/**
 * Starts a process that waits for a job. It is the leader of a new process group, so that Ctrl-C in a
 * terminal does not reach it, and one signal ends it and its children.
 *
 * @param processFile     the bundled code of the process
 * @param marker          the value of the environment variable that marks the process and its children
 * @param memoryLimitMb   the memory limit of the job that it will probably get
 */
export function startChild(processFile: string, marker: string, memoryLimitMb: number): JobChild {
  const child = spawn(process.execPath, [processFile, String(memoryLimitMb)], {
    detached: process.platform !== 'win32',
    windowsHide: true,
    env: {
      ...keptMemory(memoryLimitMb),
      ...process.env,
      ELECTRON_RUN_AS_NODE: '1',
      [markerVariable]: marker,
    },
    // 'overlapped' equals 'pipe', except on Windows, where it can be read and written at the same time.
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
      // The streams are sockets, which have ref and unref, although their declared types do not.
      for (const each of [child, pipe, stdout, stderr] as unknown as Holder[])
        if (holds) each.ref();
        else each.unref();
    },
  };
}
