import { messageOf } from '../core/diagnosis/finding';
import { isCounted, type Stop } from '../protocol/stops';
import type { Breakpoints } from './breakpoints';
import type { DebuggedRun } from './debugHost';
import type { RunCursor } from './runCursor';
import type { RunDriver } from './runDriver';

/** Recorded steps that are looked at before the event loop goes on. */
const scannedAtOnce = 2000;

/** Why a session stands where it does, as the protocol says it. */
export interface Reason {
  readonly reason: string;
  readonly description?: string;
  readonly text?: string;
  readonly hitBreakpointIds?: number[];
}

/** The finding or the error at which a session stands. */
export interface ShownException {
  readonly id: string;
  readonly description: string;
  readonly detail: string;
}

/** A place that a motion has reached. */
export interface Arrival extends Reason {
  readonly exception?: ShownException;
}

type Counts = Map<Stop['id'], number>;

const atStart: Arrival = { reason: 'entry', description: 'Paused before the first step' };

/** Moves a session over the steps of a run: over recorded ones first, in both directions, and beyond their end with new ones. */
export class Motion {
  readonly #debugged: DebuggedRun;
  readonly #cursor: RunCursor;
  readonly #driver: RunDriver;
  readonly #breakpoints: Breakpoints;
  /** Whether the session has stopped at the end of the run. */
  #hasShownEnd = false;

  constructor(debugged: DebuggedRun, cursor: RunCursor, driver: RunDriver, breakpoints: Breakpoints) {
    this.#debugged = debugged;
    this.#cursor = cursor;
    this.#driver = driver;
    this.#breakpoints = breakpoints;
  }

  /** One step: a recorded one if there is one, else the next one of the run. */
  async step(): Promise<Arrival> {
    const cursor = this.#cursor;
    const next = cursor.after(cursor.t);
    if (next !== null) return this.#at(next, { reason: 'step' });
    const logs = this.#breakpoints.asLogs((stop) => this.#countUntil(stop, cursor.end));
    const ending = await this.#driver.step(logs);
    if (ending.kind === 'ended') return this.#atEnd();
    const reason = ending.kind === 'paused' ? 'pause' : 'step';
    return this.#at(cursor.after(cursor.t) ?? cursor.t, { reason });
  }

  back(): Arrival {
    const cursor = this.#cursor;
    return cursor.t === 0 ? atStart : this.#at(cursor.before(cursor.t), { reason: 'step' });
  }

  /** To the next stop; null if the session ends. */
  async forward(): Promise<Arrival | null> {
    const cursor = this.#cursor;
    const driver = this.#driver;
    // A file that is followed may have further steps later.
    const isOver = this.#hasShownEnd && cursor.after(cursor.t) === null && !this.#debugged.run.isLive;
    const counts = this.#countsUntil(cursor.t);
    let scanned = 0;
    for (let t = cursor.after(cursor.t); t !== null; t = cursor.after(t)) {
      const hit = this.#hitAt(t, counts);
      if (hit) return this.#at(t, hit);
      if (++scanned % scannedAtOnce === 0) {
        await new Promise(setImmediate);
        if (driver.takePause()) return this.#at(t, { reason: 'pause' });
      }
    }
    if (driver.hasEnded) return isOver ? null : this.#atEnd();
    const stops = this.#breakpoints.asStops(
      (stop) => counts.get(stop.id) ?? this.#countUntil(stop, cursor.end),
    );
    const ending = await driver.goOn(stops);
    if (ending.kind === 'ended') return this.#atEnd();
    if (ending.kind !== 'hit') return this.#at(cursor.end, { reason: 'pause' });
    const { t, ids, findings } = ending.hit;
    if (ids.length > 0 || findings.length > 0) return this.#at(t, this.#reasonFor(ids, findings));
    // Breakpoints that were set meanwhile are counted up to this step, at which they may stop.
    cursor.moveTo(cursor.before(t));
    return this.forward();
  }

  /** To the stop before, or to the start. */
  async backward(): Promise<Arrival> {
    const cursor = this.#cursor;
    const counts = this.#countsUntil(cursor.before(cursor.t));
    let scanned = 0;
    for (let t = cursor.before(cursor.t); t > 0; t = cursor.before(t)) {
      const hit = this.#hitBackwardsAt(t, counts);
      if (hit) return this.#at(t, hit);
      if (++scanned % scannedAtOnce === 0) await new Promise(setImmediate);
    }
    return this.#at(0, atStart);
  }

  /** A run that goes on meets breakpoints that are set meanwhile. */
  useBreakpoints(): void {
    this.#driver.replaceStops(this.#breakpoints.asStops(({ hits }) => (hits === null ? 0 : null)));
  }

  #at(t: number, arrival: Arrival): Arrival {
    this.#cursor.moveTo(t);
    return arrival;
  }

  #holds({ condition }: Pick<Stop, 'condition'>, t: number): boolean {
    return condition === null || this.#cursor.holds(condition, t);
  }

  /** The numbers of recorded steps up to `t` at which the conditions of the stops held. */
  #countsUntil(t: number): Counts {
    return new Map(this.#breakpoints.stops.map((stop) => [stop.id, this.#countUntil(stop, t)]));
  }

  /** Only counted where that matters: else 0. */
  #countUntil(stop: Pick<Stop, 'condition' | 'hits'>, until: number): number {
    const cursor = this.#cursor;
    if (stop.hits === null) return 0;
    let count = 0;
    for (let t = cursor.after(0); t !== null && t <= until; t = cursor.after(t))
      if (this.#holds(stop, t)) count++;
    return count;
  }

  /** Why a session that goes forwards stops at a recorded step; null if it does not. @param counts  until before it, later until it */
  #hitAt(t: number, counts: Counts): Arrival | null {
    return this.#hit(t, (stop) => {
      // A stop that was set after the search began has no count yet.
      const n = (counts.get(stop.id) ?? this.#countUntil(stop, this.#cursor.before(t))) + 1;
      counts.set(stop.id, n);
      return n;
    });
  }

  /** The same backwards. @param counts  until it, later until before it */
  #hitBackwardsAt(t: number, counts: Counts): Arrival | null {
    return this.#hit(t, (stop) => {
      const n = counts.get(stop.id) ?? this.#countUntil(stop, t);
      counts.set(stop.id, n - 1);
      return n;
    });
  }

  /** @param count  which hit of a stop this is; called for each stop whose condition holds */
  #hit(t: number, count: (stop: Omit<Stop, 'seen'>) => number): Arrival | null {
    const met = this.#breakpoints.stops.filter(
      (stop) => this.#holds(stop, t) && isCounted(stop.hits, count(stop)) && stop.log === null,
    );
    const found = this.#findingsAt(t);
    if (met.length === 0 && found.length === 0) return null;
    return this.#reasonFor(
      met.map(({ id }) => id),
      found.map(({ id }) => id),
    );
  }

  /** The findings that begin at a recorded step, and whose codes stop the run. */
  #findingsAt(t: number) {
    const before = this.#cursor.before(t);
    return this.#debugged.run.record.findings.filter(
      ({ code, steps: [from] }) => from > before && from <= t && this.#breakpoints.codes.includes(code),
    );
  }

  #reasonFor(ids: readonly number[], findings: readonly string[]): Arrival {
    const breakpoints = this.#breakpoints;
    const finding = this.#debugged.run.record.findings.find(({ id }) => findings.includes(id));
    if (finding)
      return {
        reason: 'exception',
        description: `Paused on ${finding.code}`,
        text: messageOf(finding),
        hitBreakpointIds: [...ids],
        exception: { id: finding.code, description: finding.headline, detail: messageOf(finding) },
      };
    const kinds = ids.map((id) => breakpoints.kindOf(id));
    const others = ids.filter((_, i) => kinds[i] !== 'until');
    if (others.length < ids.length) {
      breakpoints.setUntil(null);
      if (others.length === 0) return { reason: 'goto', description: 'Paused where the configuration says' };
    }
    const reason = kinds.includes('source')
      ? 'breakpoint'
      : kinds.includes('function')
        ? 'function breakpoint'
        : 'data breakpoint';
    return { reason, hitBreakpointIds: others };
  }

  /** The end of the run: it stays there, so that one can step back. */
  #atEnd(): Arrival {
    const { run } = this.#debugged;
    this.#hasShownEnd = true;
    const failure = run.record.problems.find(({ severity }) => severity === 'error');
    if (failure)
      return this.#at(this.#cursor.end, {
        reason: 'exception',
        description: 'Paused on an error',
        text: failure.message,
        exception: {
          id: failure.code,
          description: failure.message,
          detail: failure.stack ?? failure.message,
        },
      });
    const description = run.isLive
      ? 'This is the last step so far.'
      : `The run has ended: ${run.summary}. Continue once more to close it.`;
    return this.#at(this.#cursor.end, { reason: 'end', description });
  }
}
