import type { Finding } from '../core/diagnosis/finding';
import { evaluate } from '../core/expressions/evaluate';
import type { ExpressionStep } from '../core/expressions/expression';
import { logLine } from '../core/expressions/logLine';
import { isCounted, type LoggedLine, type StopHit, type Stops } from '../protocol/stops';

/** Lines of logpoints of a run: a run of a million steps must not fill the memory of its reader. */
const mostLines = 10_000;
const lastLine = 'Logpoints have written 10,000 lines in this run: further ones are not written.';

/** Checks after every step of a run that is debugged whether it stops there. */
export class StopWatch {
  #stops: Stops;
  /** The number of steps at which the condition of each stop held, by its id; those that are not known are missing. */
  #seen = new Map<number, number>();
  /** Whether the hits of a stop are to be counted before the run goes on. */
  #isUncounted = false;
  readonly #known = new Set<string>();
  #found: string[] = [];
  #lines = 0;

  constructor(stops: Stops) {
    this.#stops = stops;
    this.set(stops);
  }

  set(stops: Stops): void {
    this.#stops = stops;
    this.#seen = new Map(stops.all.flatMap(({ id, seen }) => (seen === null ? [] : [[id, seen] as const])));
    this.#isUncounted = this.#seen.size < stops.all.length;
  }

  /** Takes the findings of the run so far. */
  onFindings(findings: readonly Finding[]): void {
    for (const { id, code } of findings) {
      if (this.#known.has(id)) continue;
      this.#known.add(id);
      if (this.#stops.codes.includes(code)) this.#found.push(id);
    }
  }

  /** @returns where the run stops, if it does, and the texts of the logpoints that were met */
  afterStep(
    t: number,
    step: ExpressionStep,
  ): { readonly hit: StopHit | null; readonly lines: readonly LoggedLine[] } {
    const ids: number[] = [];
    const lines: LoggedLine[] = [];
    for (const { id, condition, hits, log } of this.#stops.all) {
      const seen = this.#seen.get(id);
      if (seen === undefined || (condition !== null && evaluate(condition, step) !== true)) continue;
      const n = seen + 1;
      this.#seen.set(id, n);
      if (!isCounted(hits, n)) continue;
      if (log === null) ids.push(id);
      else if (this.#lines < mostLines) {
        this.#lines++;
        lines.push({ t, id, text: logLine(log, step) });
        if (this.#lines === mostLines) lines.push({ t, id, text: lastLine });
      }
    }
    const findings = this.#found;
    this.#found = [];
    const isHit = ids.length > 0 || findings.length > 0 || this.#isUncounted;
    this.#isUncounted = false;
    return { hit: isHit ? { t, ids, findings } : null, lines };
  }
}
