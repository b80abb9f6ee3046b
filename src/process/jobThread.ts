import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { ThreadMessage, ThreadRequest, WorkerStart } from '../protocol/worker';

/**
 * The parser, the passes and Node's compiler recurse into nested expressions. With Node's default of 4 MB,
 * the stack overflows at about 10,000 operands of one sum. Memory is allocated only as it is used.
 */
const stackSizeMb = 64;

/** How a thread ended that was not terminated. */
export type ThreadEnd =
  | { readonly kind: 'exit' }
  | { readonly kind: 'memory' }
  | { readonly kind: 'error'; readonly message: string };

/**
 * The worker thread that runs the user's code. It is started before there is a job, so that its code is loaded by the time
 * the job comes.
 */
export class JobThread {
  readonly memoryLimitMb: number;
  readonly #worker: Worker;
  /** A separate channel for the job: messages that the user's code posts to its parent are ignored. */
  readonly #port: MessagePort;
  #end: ThreadEnd | null = null;

  constructor(threadFile: string, memoryLimitMb: number) {
    const { port1, port2 } = new MessageChannel();
    this.memoryLimitMb = memoryLimitMb;
    this.#port = port1;
    this.#worker = new Worker(threadFile, {
      workerData: { port: port2 },
      transferList: [port2],
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb, stackSizeMb },
    });
    this.#worker.on('error', (error: Error & { code?: string }) => {
      this.#end ??=
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? { kind: 'memory' }
          : { kind: 'error', message: error.message };
    });
  }

  /** Lets the thread run its own code once. @param directory  an empty folder, which the thread removes */
  rehearse(directory: string): void {
    this.#send({ type: 'rehearse', directory });
  }

  start(
    start: WorkerStart,
    onMessage: (message: ThreadMessage) => void,
    onEnd: (end: ThreadEnd) => void,
  ): void {
    this.#port.on('message', onMessage);
    this.#worker.on('exit', () => {
      // The thread may end before its last messages are read.
      for (;;) {
        const last = receiveMessageOnPort(this.#port);
        if (!last) break;
        onMessage(last.message as ThreadMessage);
      }
      onEnd(this.#end ?? { kind: 'exit' });
    });
    this.#send({ type: 'start', start });
  }

  /** Terminates a thread whose job was not started. */
  discard(): void {
    void this.#worker.terminate();
  }

  #send(request: ThreadRequest): void {
    this.#port.postMessage(request);
  }
}
