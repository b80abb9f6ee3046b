/**
 * The user's control of a run, in shared memory. A worker in a synchronous loop receives no messages, so it
 * reads these words before every step. The job's process writes the command and the learning rate. The worker
 * thread writes its phase and counts its calls into the user's code.
 */

const places = {
  /**
   * A counter that increases with every change by the host. The worker waits for a change of it while paused.
   */
  signal: 0,
  command: 1,
  /** The number of single steps that a paused run may still take. */
  permits: 2,
  phase: 3,
  /** A counter that increases with every call into the user's code. */
  beat: 4,
} as const;

const commands = { run: 0, pause: 1, stop: 2 } as const;

/** The current activity of the worker, for the time limit. */
export const phases = { own: 0, userCode: 1, paused: 2 } as const;

export interface ControlMemory {
  readonly words: SharedArrayBuffer;
  readonly lr: SharedArrayBuffer;
}

export function createControl(paused: boolean): ControlMemory {
  const memory = {
    words: new SharedArrayBuffer(Object.keys(places).length * Int32Array.BYTES_PER_ELEMENT),
    lr: new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT),
  };
  new Float64Array(memory.lr)[0] = Number.NaN;
  new Int32Array(memory.words)[places.command] = paused ? commands.pause : commands.run;
  return memory;
}

/** Access for the job's process, which writes the commands. */
export class ControlHost {
  readonly #words: Int32Array;
  readonly #lr: Float64Array;

  constructor(memory: ControlMemory) {
    this.#words = new Int32Array(memory.words);
    this.#lr = new Float64Array(memory.lr);
  }

  pause(): void {
    this.#set(commands.pause);
  }

  resume(): void {
    this.#set(commands.run);
  }

  stop(): void {
    this.#set(commands.stop);
  }

  /** Allows one more step of a paused run. Pauses a run that is not paused. */
  step(): void {
    if (Atomics.load(this.#words, places.command) === commands.pause)
      Atomics.add(this.#words, places.permits, 1);
    this.#set(commands.pause);
  }

  setLr(lr: number): void {
    this.#lr[0] = lr;
    this.#wake();
  }

  get phase(): number {
    return Atomics.load(this.#words, places.phase);
  }

  get beat(): number {
    return Atomics.load(this.#words, places.beat);
  }

  #set(command: number): void {
    Atomics.store(this.#words, places.command, command);
    this.#wake();
  }

  #wake(): void {
    Atomics.add(this.#words, places.signal, 1);
    Atomics.notify(this.#words, places.signal);
  }
}

/** Access for the worker thread, which reads the commands. */
export class ControlWorker {
  readonly #words: Int32Array;
  readonly #lr: Float64Array;

  constructor(memory: ControlMemory) {
    this.#words = new Int32Array(memory.words);
    this.#lr = new Float64Array(memory.lr);
  }

  /** Whether the next step may be taken. Blocks while the run is paused. Returns false after a stop. */
  mayStep(): boolean {
    if (Atomics.load(this.#words, places.command) === commands.run) return true;
    for (;;) {
      const signal = Atomics.load(this.#words, places.signal);
      const command = Atomics.load(this.#words, places.command);
      if (command === commands.run) return true;
      if (command === commands.stop) return false;
      if (Atomics.load(this.#words, places.permits) > 0) {
        Atomics.sub(this.#words, places.permits, 1);
        return true;
      }
      Atomics.store(this.#words, places.phase, phases.paused);
      Atomics.wait(this.#words, places.signal, signal);
      Atomics.store(this.#words, places.phase, phases.own);
    }
  }

  /** The learning rate that the user set; NaN if none. */
  lr(): number {
    return this.#lr[0]!;
  }

  /**
   * Marks the start of a call into the user's code. Uses plain stores, because atomic stores in every
   * evaluation would take as long as a small loss, and a delay of their visibility does not matter for the
   * time limit.
   */
  enterUserCode(): void {
    this.#words[places.beat] = (this.#words[places.beat]! + 1) | 0;
    this.#words[places.phase] = phases.userCode;
  }

  leaveUserCode(): void {
    this.#words[places.phase] = phases.own;
  }
}
