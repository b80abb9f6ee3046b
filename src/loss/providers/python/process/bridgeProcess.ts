import { type ChildProcess, spawn } from 'node:child_process';
import { constants, mkdirSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { EvaluationContext } from '../../../../core/objective';
import type { PythonInterpreter } from '../../../source';
import {
  type BridgeFailure,
  EvaluationRequest,
  headerBytes,
  headerOf,
  readHeader,
  replyKinds,
  requestKinds,
} from './messages';

/** The user's Python code failed. */
export class BridgeError extends Error {
  readonly failure: BridgeFailure;
  constructor(failure: BridgeFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The process has ended, so that it can answer nothing any more. */
export class BridgeEnded extends Error {
  override readonly message = 'the Python process has ended';
}

/** The interpreter cannot run the bridge. The message is a sentence for the user. */
export class NoInterpreter extends Error {}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Written in the syntax of every Python, so that one that is too old can say so. The bridge is imported, and its folder leaves the path. */
const bootstrap = `
import os, sys
if sys.version_info < (3, 9):
    os.write(3, ("old %d.%d.%d" % sys.version_info[:3]).encode())
    os._exit(1)
sys.path[:] = [sys.argv[1]] + [folder for folder in sys.path if folder]
if sys.argv[3] == "safe":
    del os.environ["PYTHONSAFEPATH"]
from adamscope_bridge.serve import main
del sys.path[0]
main(sys.argv[2], 3)
`;

const smallReply = 2 ** 16;

/**
 * The Python process of a job. Requests are answered in order, and the calling thread waits for each answer: an evaluation of a small
 * loss takes less time than a turn of the event loop. If the process hangs, the thread does too, and the job's process ends both.
 */
export class BridgeProcess {
  readonly interpreter: PythonInterpreter;
  readonly pid: number | undefined;
  readonly #folder: string;
  readonly #exited: Promise<Exit>;
  readonly #send: number;
  readonly #receive: number;
  readonly #glance: number | null;
  readonly #evaluation = new EvaluationRequest();
  /** Whether the last reply came soon. */
  #isSoon = true;
  #reply = Buffer.from(new ArrayBuffer(smallReply));

  private constructor(
    interpreter: PythonInterpreter,
    pid: number | undefined,
    folder: string,
    exited: Promise<Exit>,
    ends: { readonly send: number; readonly receive: number; readonly glance: number | null },
  ) {
    this.interpreter = interpreter;
    this.pid = pid;
    this.#folder = folder;
    this.#exited = exited;
    this.#send = ends.send;
    this.#receive = ends.receive;
    this.#glance = ends.glance;
  }

  /**
   * @param folder  for the pipes; created
   * @throws NoInterpreter
   */
  static async start(interpreter: PythonInterpreter, folder: string): Promise<BridgeProcess> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const bridge = path.join(__dirname, 'python');
    // Without it, Python 3.13 imports `linecache` from the working directory before it runs the program.
    const isSafe = 'PYTHONSAFEPATH' in process.env;
    const args = ['-X', 'utf8', '-c', bootstrap, bridge, folder, isSafe ? 'user' : 'safe'];
    const child = spawn(interpreter.path, args, {
      env: isSafe ? process.env : { ...process.env, PYTHONSAFEPATH: '1' },
      // The output of the user's code goes the way of the output of native code: see `NativeOutput`.
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
      windowsHide: true,
    });
    const exited = exitOf(child);
    const said = await firstWord(child, exited);
    if (said !== '.') throw new NoInterpreter(await whyNot(interpreter, said, exited));
    return new BridgeProcess(interpreter, child.pid, folder, exited, openEnds(folder));
  }

  /**
   * Sends a request as JSON and waits for its answer.
   *
   * @throws BridgeError, BridgeEnded
   */
  ask<T>(request: object): T {
    const payload = Buffer.from(JSON.stringify(request));
    this.#write(Buffer.concat([headerOf(requestKinds.json, payload.length), payload]));
    const { payload: answer } = this.#read();
    return JSON.parse(answer.toString('utf8')) as T;
  }

  /**
   * Evaluates a program.
   *
   * @param grad  receives the gradient; absent if it is not asked for
   * @returns the loss, and whether there are notices to fetch
   * @throws BridgeError, BridgeEnded
   */
  evaluate(
    program: number,
    flagged: number,
    context: Pick<EvaluationContext, 'step' | 'epoch' | 'indices'>,
    hasSamples: boolean,
    params: Float64Array,
    grad?: Float64Array,
  ): { readonly loss: number; readonly hasNotices: boolean } {
    this.#write(this.#evaluation.write(program, flagged, context, hasSamples, params));
    const { kind, payload } = this.#read();
    const numbers = new Float64Array(payload.buffer, payload.byteOffset, payload.length / 8);
    grad?.set(numbers.subarray(1));
    return { loss: numbers[0]!, hasNotices: kind === replyKinds.numbersAndNotices };
  }

  /** Why the process ended, in words, once it has: "segmentation fault". */
  async causeOfEnd(): Promise<{
    readonly words: string;
    readonly report: string;
    readonly isKilled: boolean;
  }> {
    const { code, signal } = await this.#exited;
    let report = '';
    try {
      report = readFileSync(path.join(this.#folder, 'crash'), 'utf8');
    } catch {
      // The folder is gone: the job is being ended.
    }
    const fatal = /^Fatal Python error: (.*)$/m.exec(report)?.[1];
    const words = fatal ?? (signal === null ? `exit code ${code}` : `signal ${signal}`);
    return { words, report, isKilled: signal === 'SIGKILL' };
  }

  #write(message: Buffer): void {
    try {
      for (let at = 0; at < message.length; ) at += writeSync(this.#send, message, at, message.length - at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') throw new BridgeEnded();
      throw error;
    }
  }

  /** @returns the payload, valid until the next request */
  #read(): { readonly kind: number; readonly payload: Buffer } {
    let filled = this.#fill(0, headerBytes);
    const { kind, length } = readHeader(this.#reply);
    const whole = headerBytes + length;
    if (whole > this.#reply.length) {
      const larger = Buffer.from(new ArrayBuffer(whole));
      this.#reply.copy(larger, 0, 0, filled);
      this.#reply = larger;
    }
    filled = this.#fill(filled, whole);
    const payload = this.#reply.subarray(headerBytes, whole);
    if (kind === replyKinds.failed)
      throw new BridgeError(JSON.parse(payload.toString('utf8')) as BridgeFailure);
    return { kind, payload };
  }

  /** Reads until the reply has this many bytes. More may be there, but never more than one reply. */
  #fill(filled: number, wanted: number): number {
    let at = filled;
    while (at < wanted) {
      const count = this.#readAt(at);
      if (count === 0) throw new BridgeEnded();
      at += count;
    }
    return at;
  }

  #readAt(at: number): number {
    const rest = this.#reply.length - at;
    const begun = performance.now();
    const until = this.#isSoon ? begun + spinMs : begun;
    while (this.#glance !== null && performance.now() < until)
      try {
        return readSync(this.#glance, this.#reply, at, rest, null);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      }
    const count = readSync(this.#receive, this.#reply, at, rest, null);
    this.#isSoon = performance.now() - begun < soonMs;
    return count;
  }
}

/** How long the thread looks for a reply before it sleeps: to wake takes longer than the evaluation of a small loss. */
const spinMs = 0.1;
/** A reply that took longer is not looked for the next time: the processor is of more use to the threads of the user's library. */
const soonMs = 0.3;

function openEnds(folder: string) {
  if (process.platform === 'win32') {
    const end = openSync(String.raw`\\.\pipe\adamscope-` + path.basename(folder), 'r+');
    return { send: end, receive: end, glance: null };
  }
  return {
    send: openSync(path.join(folder, 'requests'), 'w'),
    receive: openSync(path.join(folder, 'replies'), 'r'),
    // The same pipe, whose reads do not wait.
    glance: openSync(path.join(folder, 'replies'), constants.O_RDONLY | constants.O_NONBLOCK),
  };
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
}

/** What the process writes when it can be used: a dot, or why it cannot; empty if it ended before. */
async function firstWord(child: ChildProcess, exited: Promise<Exit>): Promise<string> {
  const pipe = child.stdio[3] as Readable | null | undefined;
  if (!pipe) return '';
  const said = new Promise<string>((resolve) => {
    let text = '';
    pipe.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text === '.') resolve(text);
    });
    pipe.once('end', () => resolve(text));
    pipe.once('error', () => resolve(text));
  });
  const word = await Promise.race([said, exited.then(() => said)]);
  pipe.destroy();
  return word;
}

async function whyNot(
  { path: executable, foundBy }: PythonInterpreter,
  said: string,
  exited: Promise<Exit>,
): Promise<string> {
  const name = `the Python interpreter ${executable} (${foundBy})`;
  if (said.startsWith('old '))
    return `${name} is version ${said.slice(4)}; Adamscope needs 3.9 or newer: select another interpreter`;
  const { code, signal } = await exited;
  if (code === null && signal === null)
    return `${name} cannot be started: install Python 3.9 or newer, or select another interpreter`;
  return `${name} ended when it was started (${signal === null ? `exit code ${code}` : `signal ${signal}`}); select another interpreter`;
}
