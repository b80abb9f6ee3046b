import type { SourceLocation } from '../sourceLocation';
import type { DiagnosisCode } from './catalogue';
import type { Finding } from './finding';

/** What a rule says of a finding; where it stands in the source is filled in by others. */
export type Report = Omit<Finding, 'location'>;

/** A finding on the board, in the hand of the rule that posted it. */
export interface Posted {
  readonly report: Report;
  replace(report: Report): void;
  /** Moves the end of its step range. Quiet if it is there already. */
  extendTo(t: number): void;
  withdraw(): void;
}

/** The findings of a run, in the order in which they were made. */
export class Board {
  #findings: readonly Finding[] = [];
  #version = 0;

  /** A new array after every change: what was handed out stays as it was. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }
  /** Goes up with every change. */
  get version(): number {
    return this.#version;
  }

  /** @param kind  one class of a code that has such */
  has(code: DiagnosisCode, kind?: string): boolean {
    return this.#findings.some(
      (finding) => finding.code === code && (kind === undefined || finding.evidence.class === kind),
    );
  }

  post(report: Report): Posted {
    let current: Finding = { ...report, location: null };
    this.#set([...this.#findings, current]);
    const replace = (next: Report) => {
      const old = current;
      current = { ...next, location: null };
      this.#set(this.#findings.map((finding) => (finding === old ? current : finding)));
    };
    return {
      get report() {
        return current;
      },
      replace,
      extendTo(t) {
        const [from, to] = current.steps;
        if (t > to) replace({ ...current, steps: [from, t] });
      },
      withdraw: () => this.#set(this.#findings.filter((finding) => finding !== current)),
    };
  }

  /** Places a finding in the source, and adds to what it says. */
  locate(code: DiagnosisCode, location: SourceLocation, words: string): void {
    if (!this.has(code)) return;
    this.#set(
      this.#findings.map((finding) =>
        finding.code === code ? { ...finding, location, message: `${finding.message} ${words}` } : finding,
      ),
    );
  }

  #set(findings: readonly Finding[]): void {
    this.#findings = findings;
    this.#version++;
  }
}
