import type { Finding, Fix } from '../../core/diagnosis/finding';
import { originSentence } from '../../core/diagnosis/originWords';
import type { Severity } from '../../core/diagnosis/severity';
import { verdictId } from '../../core/verdict/verdict';
import { outcomeSentence } from '../../core/verify/titles';
import { findingIn } from '../../loss/findingWords';
import type { Run } from '../../runs/run';

/** Why a run did not meet its expectation: its worst finding, or else its verdict, with a fix that was tried. */
export interface Explanation {
  /** null for the verdict. */
  readonly finding: Finding | null;
  readonly headline: string;
  /** The evidence and the advice, a paragraph each. */
  readonly details: readonly string[];
  readonly fix: OfferedFix | null;
  /** Why no fix that was tried helps; null if one does, or none was tried. */
  readonly refusal: string | null;
}

/** A fix with the id of its finding, or that of the verdict. */
export interface OfferedFix {
  readonly fix: Fix;
  readonly findingId: string;
}

const order: readonly Severity[] = ['error', 'warning'];

/** null for a run without findings that was not judged, as one that made no step. */
export function explanationOf(run: Run): Explanation | null {
  const { findings, source } = run.record;
  const worst = order.flatMap((severity) => findings.filter((each) => each.severity === severity))[0];
  const ofVerdict = offered(run.verdictFixes, verdictId);
  if (worst) {
    const { headline, detail, advice, origin } = findingIn(source.language, worst);
    const fix = offered(run.fixesOf(worst), worst.id) ?? ofVerdict;
    return {
      finding: worst,
      headline,
      details: [detail, ...(origin ? [originSentence(origin)] : []), advice],
      fix,
      refusal: fix ? null : (run.refusals[findings.indexOf(worst)] ?? null),
    };
  }
  const { verdict, verdictRefusal } = run;
  if (!verdict) return null;
  const { headline, detail } = verdict;
  return {
    finding: null,
    headline,
    details: [detail],
    fix: ofVerdict,
    refusal: ofVerdict ? null : verdictRefusal,
  };
}

function offered([fix]: readonly Fix[], findingId: string): OfferedFix | null {
  return fix ? { fix, findingId } : null;
}

/** "lr 0.01", and what it reaches. */
export function fixTexts({ title, words }: Fix): { readonly label: string; readonly outcome: string } {
  return words
    ? { label: words.label, outcome: outcomeSentence(words) }
    : { label: title, outcome: 'not tried' };
}

/** The lines of the output of a test. */
export function outputLines(run: Run, isPassed: boolean): string[] {
  const { expectation, record } = run;
  const words = expectation?.words ?? run.summary;
  const head = `${isPassed ? 'ok  ' : 'FAIL'}  ${record.source.lossName}: ${words}`;
  const explanation = explanationOf(run);
  // The verdict of a run that passed says nothing about a fault.
  if (!explanation || (isPassed && !explanation.finding)) return [head];
  const { finding, headline, details, fix, refusal } = explanation;
  const texts = fix && fixTexts(fix.fix);
  return [
    head,
    finding ? `      ${finding.severity}: ${headline} [${finding.code}]` : `      ${headline}`,
    ...[...details, ...(refusal ? [refusal] : [])].map((line) => `          ${line}`),
    ...(texts ? [`          try ${texts.label}: ${texts.outcome}`] : []),
  ];
}
