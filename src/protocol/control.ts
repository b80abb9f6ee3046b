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
  /** A counter that increases when the stops change. The last bit of it tells the half of the memory that holds them. */
  stops: 5,
  /** The lengths of the texts in the two halves. */
  stopsLengths: 6,
  last: 7,
} as const;

const commands = { run: 0, pause: 1, stop: 2 } as const;

/** The current activity of the worker, for the time limit. */
export const phases = { own: 0, userCode: 1, paused: 2 } as const;

export interface ControlMemory {
  readonly words: SharedArrayBuffer;
  readonly lr: SharedArrayBuffer;
  /**
   * The stops as JSON in UTF-8, in two halves: new ones are written into the half that is not read. null for a job that is not
   * debugged.
   */
  readonly stops: SharedArrayBuffer | null;
}

/** The largest text of stops, and the size of a half. */
const mostStopBytes = 2 ** 20;

/** @param isDebugged  whether the job takes stops */
export function createControl(paused: boolean, isDebugged = false): ControlMemory {
  const memory = {
    words: new SharedArrayBuffer((places.last + 1) * Int32Array.BYTES_PER_ELEMENT),
    lr: new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT),
    stops: isDebugged ? new SharedArrayBuffer(2 * mostStopBytes) : null,
  };
  new Float64Array(memory.lr)[0] = Number.NaN;
  new Int32Array(memory.words)[places.command] = paused ? commands.pause : commands.run;
  return memory;
}

/** Access for the job's process, which writes the commands. */
export class ControlHost {
  readonly #words: Int32Array;
  readonly #lr: Float64Array;
  readonly #stops: Uint8Array | null;

  constructor(memory: ControlMemory) {
    this.#words = new Int32Array(memory.words);
    this.#lr = new Float64Array(memory.lr);
    this.#stops = memory.stops && new Uint8Array(memory.stops);
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

  /**
   * Replaces the stops of a job that is debugged.
   *
   * @throws RangeError if the text is too long
   */
  setStops(text: string): void {
    if (!this.#stops) return;
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > mostStopBytes) throw new RangeError('there are too many breakpoints');
    const half = (Atomics.load(this.#words, places.stops) + 1) & 1;
    this.#stops.set(bytes, half * mostStopBytes);
    Atomics.store(this.#words, places.stopsLengths + half, bytes.length);
    Atomics.add(this.#words, places.stops, 1);
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
  readonly #stops: Uint8Array | null;
  #stopsRead = 0;

  constructor(memory: ControlMemory) {
    this.#words = new Int32Array(memory.words);
    this.#lr = new Float64Array(memory.lr);
    this.#stops = memory.stops && new Uint8Array(memory.stops);
  }

  /** Pauses this run before its next step, unless the user has stopped it. */
  pause(): void {
    Atomics.compareExchange(this.#words, places.command, commands.run, commands.pause);
  }

  /** The stops, if they have changed since the last call; else null. */
  changedStops(): string | null {
    for (;;) {
      const version = Atomics.load(this.#words, places.stops);
      if (!this.#stops || version === this.#stopsRead) return null;
      const half = version & 1;
      const from = half * mostStopBytes;
      const length = Atomics.load(this.#words, places.stopsLengths + half);
      // A decoder does not read shared memory.
      const bytes = this.#stops.slice(from, from + length);
      // Otherwise the bytes may be those of newer stops in part.
      if (Atomics.load(this.#words, places.stops) !== version) continue;
      this.#stopsRead = version;
      return new TextDecoder().decode(bytes);
    }
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
