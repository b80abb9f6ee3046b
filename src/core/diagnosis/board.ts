import type { DiagnosisCode } from './catalogue';
import type { Finding, Origin } from './finding';

/** What a rule reports. The board gives it an id; its place and origin in the source are filled in by others. */
export type FindingReport = Omit<Finding, 'id' | 'origin' | 'location'>;

/** A finding on the board, in the hand of the rule that posted it. */
export interface Posted {
  readonly report: FindingReport;
  replace(report: FindingReport): void;
  /** Moves the end of its step range. Quiet if it is there already. */
  extendTo(t: number): void;
  withdraw(): void;
}

const nowhere = { origin: null, location: null };

/** The findings of a run, in the order in which they were made. */
export class Board {
  #findings: readonly Finding[] = [];
  #revision = 0;
  /** How many findings of a code were made, withdrawn ones included: an id is not given twice. */
  readonly #made = new Map<DiagnosisCode, number>();

  /** A new array after every change: what was handed out stays as it was. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }
  /** Goes up by 1 with every change. */
  get revision(): number {
    return this.#revision;
  }

  /** @param kind  one class of a code that has such */
  has(code: DiagnosisCode, kind?: string): boolean {
    return this.#findings.some(
      (finding) => finding.code === code && (kind === undefined || finding.evidence.class === kind),
    );
  }

  post(report: FindingReport): Posted {
    let id = this.#newId(report.code);
    this.#set([...this.#findings, { ...report, id, origin: null, location: null }]);
    const current = () => this.#findings.find((finding) => finding.id === id);
    let last: FindingReport = report;
    const replace = (next: FindingReport) => {
      const old = current();
      last = next;
      if (!old) return;
      // Another code makes it another finding: who holds the old id must not act on the new one's fixes.
      const isSame = next.code === old.code;
      if (!isSame) id = this.#newId(next.code);
      const { origin, location } = isSame ? old : nowhere;
      const made = { ...next, id, origin, location };
      this.#set(this.#findings.map((finding) => (finding === old ? made : finding)));
    };
    return {
      get report() {
        return last;
      },
      replace,
      extendTo(t) {
        const [from, to] = last.steps;
        if (t > to) replace({ ...last, steps: [from, t] });
      },
      withdraw: () => {
        if (current()) this.#set(this.#findings.filter((finding) => finding.id !== id));
      },
    };
  }

  /** Says which operation of the loss the findings of a code come from; they are shown there. */
  locate(code: DiagnosisCode, origin: Origin): void {
    if (!this.has(code)) return;
    const { location } = origin;
    this.#set(
      this.#findings.map((finding) => (finding.code === code ? { ...finding, origin, location } : finding)),
    );
  }

  #set(findings: readonly Finding[]): void {
    this.#findings = findings;
    this.#revision++;
  }

  #newId(code: DiagnosisCode): string {
    const count = (this.#made.get(code) ?? 0) + 1;
    this.#made.set(code, count);
    return `${code}-${count}`;
  }
}
