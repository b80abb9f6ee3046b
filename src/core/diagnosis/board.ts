import type { Direction } from '../ascent';
import type { OptimizerConfig } from '../config/runConfig';
import type { DiagnosisCode } from './catalogue';
import { turnedEvidence } from './evidenceValues';
import type { Finding, FindingReport, Fix, Origin } from './finding';
import { reportAfterSwitch } from './secondOptimizer';

/** A finding on the board, as its rule can change it. */
export interface Posted {
  readonly report: FindingReport;
  replace(report: FindingReport): void;
  /** Moves the end of its step range; no change if the range already ends there. */
  extendTo(t: number): void;
  withdraw(): void;
}

const nowhere = { origin: null, location: null };

/** The findings of a run, in the order of their first reports. */
export class Board {
  readonly #direction: Direction;
  #findings: readonly Finding[] = [];
  #revision = 0;
  /** The number of findings per code, including withdrawn ones, so that an id is never assigned twice. */
  readonly #made = new Map<DiagnosisCode, number>();
  /** The second optimizer of the run, while it makes the steps. */
  #after: OptimizerConfig | null = null;

  /** @param direction  −1: the rules report on the negated objective */
  constructor(direction: Direction = 1) {
    this.#direction = direction;
  }

  /** A new array after every change; arrays that were returned before do not change. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }
  /** Increases by 1 with every change. */
  get revision(): number {
    return this.#revision;
  }

  /** @param kind  a class, for codes with classes */
  has(code: DiagnosisCode, kind?: string): boolean {
    return this.#findings.some(
      (finding) => finding.code === code && (kind === undefined || finding.evidence.class === kind),
    );
  }

  /** From now on, what rules say of the optimizer is about this one, to which the run has switched. */
  switchTo(optimizer: OptimizerConfig): void {
    this.#after = optimizer;
  }

  post(report: FindingReport): Posted {
    let last = report;
    let shown = this.#understood(report);
    let id = this.#newId(shown.code);
    this.#set([...this.#findings, { ...shown, id, ...nowhere }]);
    const current = () => this.#findings.find((finding) => finding.id === id);
    const show = (next: FindingReport) => {
      const old = current();
      shown = next;
      if (!old) return;
      // A report with another code is another finding: the old id must not refer to the fixes of the new
      // finding.
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
      replace: (next) => {
        last = next;
        show(this.#understood(next));
      },
      extendTo(t) {
        const [from, to] = last.steps;
        if (t <= to) return;
        last = { ...last, steps: [from, t] };
        show({ ...shown, steps: [from, t] });
      },
      withdraw: () => {
        if (current()) this.#set(this.#findings.filter((finding) => finding.id !== id));
      },
    };
  }

  /** The report of a rule, which knows only the optimizer that makes the steps and the function that is minimized. */
  #understood(report: FindingReport): FindingReport {
    const evidence = turnedEvidence(report.code, report.evidence, this.#direction);
    const shown = { ...report, evidence };
    return this.#after ? reportAfterSwitch(shown, this.#after) : shown;
  }

  /** Sets the operation of the loss that causes the findings of a code; they are shown at its position. */
  locate(code: DiagnosisCode, origin: Origin): void {
    if (!this.has(code)) return;
    const { location } = origin;
    this.#set(
      this.#findings.map((finding) => (finding.code === code ? { ...finding, origin, location } : finding)),
    );
  }

  /** Adds fixes to a finding, before its own. */
  propose(id: string, fixes: readonly Fix[]): void {
    if (fixes.length === 0) return;
    this.#set(
      this.#findings.map((finding) =>
        finding.id === id ? { ...finding, fixes: [...fixes, ...finding.fixes] } : finding,
      ),
    );
  }

  /** Changes the reports of a code, when more is known about their cause than their rule knew. */
  revise(code: DiagnosisCode, revised: (report: Finding) => Partial<FindingReport>): void {
    if (!this.has(code)) return;
    this.#set(
      this.#findings.map((finding) =>
        finding.code === code ? { ...finding, ...revised(finding) } : finding,
      ),
    );
  }

  /** Removes findings that another one explains. */
  remove(isExplained: (finding: Finding) => boolean): void {
    const left = this.#findings.filter((finding) => !isExplained(finding));
    if (left.length < this.#findings.length) this.#set(left);
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
