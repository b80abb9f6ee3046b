import { Duplex, PassThrough } from 'node:stream';
import { encodeFrame, FrameReader } from '../../../src/protocol/frames';
import type { HostMessage, JobRequest, ProcessMessage } from '../../../src/protocol/jobProcess';
import type { Exit, JobChild } from '../../../src/runner/jobChild';
import type { Folders } from '../../../src/runner/processJob';

export const location = { file: '/loss.ts', line: 3, column: 17, endLine: 3, endColumn: 21 };

export const request: JobRequest = {
  source: {
    language: 'javascript',
    file: '/loss.ts',
    exportName: 'loss',
    lossName: 'loss',
    location,
    parameterName: null,
    form: { vector: { kind: 'array' }, context: true },
    startExport: null,
    gradient: null,
    validation: null,
    texts: [],
  },
  job: { kind: 'gradient', config: {} as never, at: [1] },
  limits: { evaluationTimeoutMs: 400, memoryLimitMb: 100 },
};

/** A test double of the process of a job. It records the messages that it received. */
export class DoubleChild implements JobChild {
  readonly pipe: Duplex;
  readonly output = [new PassThrough(), new PassThrough()];
  readonly exited: Promise<Exit>;
  readonly told: HostMessage[] = [];
  kills = 0;
  sweeps = 0;
  /** Whether it ends when it is killed. */
  obeys = true;
  #exit!: (exit: Exit) => void;
  readonly #toHost = new PassThrough();

  constructor() {
    const fromHost = new PassThrough();
    const frames = new FrameReader();
    fromHost.on('data', (chunk: Buffer) =>
      frames.push(chunk, (message) => this.told.push(message as HostMessage)),
    );
    this.pipe = Duplex.from({ readable: this.#toHost, writable: fromHost });
    this.exited = new Promise((resolve) => {
      this.#exit = resolve;
    });
  }

  say(...messages: ProcessMessage[]): void {
    for (const message of messages) this.sayBytes(encodeFrame(message));
  }

  sayBytes(bytes: Uint8Array): void {
    this.#toHost.write(bytes);
  }

  closePipe(): void {
    this.#toHost.end();
  }

  exit(exit: Partial<Exit>): void {
    this.#toHost.end();
    for (const stream of this.output) stream.end();
    this.#exit({ code: null, signal: null, failure: null, ...exit });
  }

  kill(): void {
    this.kills++;
    if (this.obeys) this.exit({ signal: 'SIGKILL' });
  }

  sweep(): void {
    this.sweeps++;
  }

  hold(): void {}
}

export class DoubleFolders implements Folders {
  readonly present = new Set<string>();
  readonly cache = null;

  next(): string {
    const folder = `/jobs/${this.present.size}`;
    this.present.add(folder);
    return folder;
  }

  async remove(folder: string): Promise<void> {
    this.present.delete(folder);
  }
}
