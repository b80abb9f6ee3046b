import type { VerdictKind } from '../../../src/core/verdict/verdict';
import type { FaultCode } from '../../support/faults/codes';

/**
 * What a program of `programs` must give, and must not give: the statements of its comment as data. The tables are
 * `*.case.ts` beside this file, one for each program, and export `cases`: a row for each annotated export.
 */
export interface ReportCase {
  readonly evaluation?: ExpectedEvaluation;
  readonly run?: ExpectedRun;
  readonly check?: ExpectedCheck;
}

export interface ReportTable {
  /** The program, relative to `programs`. */
  readonly file: string;
  /** By the names of the exports. */
  readonly cases: Readonly<Record<string, ReportCase>>;
}

/** The value and the gradient at the start of the loss, written without using its code. */
export interface ExpectedEvaluation {
  readonly value: number;
  readonly gradient: readonly number[];
  readonly mode: 'exact' | 'finite-difference';
  /** The largest error of the gradient, relative to its largest component. Default 1e-14. */
  readonly tolerance?: number;
  /** The text at which the reason for finite differences is printed. */
  readonly reasonAt?: string;
  /** The largest relative error of finite differences, where they are asked for. Absent: not tried. */
  readonly differences?: number;
}

/** The result of `adamscope run`. */
export interface ExpectedRun {
  /** The verdicts that are right. */
  readonly verdict: readonly VerdictKind[];
  readonly exit: 0 | 1;
  /** All warnings and errors, and the infos that the comment names. */
  readonly finds: readonly ExpectedReport[];
  /** Codes that must not be reported, infos included. */
  readonly never?: readonly FaultCode[];
  /** No fix has such a title. */
  readonly neverFix?: RegExp;
  /** The title of a fix that the verdict proposes. */
  readonly proposal?: RegExp;
  /** With every level of diagnosis, the run makes the same steps. */
  readonly isSameAtEveryLevel?: true;
  /** The measured stability value never passes its limit. */
  readonly isBelowStabilityLimit?: true;
}

export interface ExpectedReport {
  readonly code: FaultCode;
  /** The text of its place. */
  readonly at: string;
  /** A longer text around it, if it occurs more than once in the lines of the loss. */
  readonly within?: string;
  /** The place is in another declaration of the file. */
  readonly isElsewhere?: true;
  /** What its message says. */
  readonly says?: RegExp;
  /** The class of a finding that is not a plateau. */
  readonly class?: string;
  /** The title of a fix that is offered; null: none is. Absent: not examined. */
  readonly fix?: RegExp | null;
}

/** The result of the check of an optimizer step. */
export type ExpectedCheck =
  | { readonly passes: true }
  | {
      readonly passes: false;
      /** The kind and the words of the only slip that is named. */
      readonly slip: RegExp;
      /** The first quantity and step that departs. */
      readonly departsAt: RegExp;
    };
