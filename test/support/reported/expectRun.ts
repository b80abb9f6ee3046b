import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Finding } from '../../../src/core/diagnosis/finding';
import type { SourceLocation } from '../../../src/core/sourceLocation';
import type { Verdict } from '../../../src/core/verdict/verdict';
import type { LossDeclaration } from '../../../src/loss/declaration';
import { LineMap } from '../../../src/loss/places/lineMap';
import type { ExpectedReport, ExpectedRun } from '../../corpus/reported/case';
import { reportPrograms } from './programs';

type PrintedFix = { readonly title: string };

/** A finding in the output of `run --json`. */
export interface PrintedFinding extends Omit<Finding, 'fixes'> {
  readonly message: string;
  readonly fixes: readonly PrintedFix[];
}

/** The output of `run --json`, as far as it is examined. */
export interface PrintedRun {
  readonly final: { readonly params: readonly number[]; readonly loss: number };
  readonly steps: number;
  readonly verdict: Omit<Verdict, 'fixes'> & { readonly fixes: readonly PrintedFix[] };
  readonly findings: readonly PrintedFinding[];
}

/** Holds the printed result of a run against what its program must give. */
export function expectRun(run: PrintedRun, expected: ExpectedRun, declaration: LossDeclaration): void {
  const { verdict, findings } = run;
  const codes = findings.map(codeOf);
  const expectedCodes = expected.finds.map(({ code }) => code);
  const isExpected = (code: string) => expectedCodes.some((each) => each === code);
  const alarms = findings.filter((each) => each.severity !== 'info' && !isExpected(codeOf(each)));
  expect(alarms.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  expect(expected.verdict, verdict.headline).toContain(verdict.kind);
  for (const code of expected.never ?? []) expect(codes).not.toContain(code);
  for (const each of expected.finds) {
    const finding = findings.find((found) => codeOf(found) === each.code);
    if (!finding) expect.unreachable(`${each.code} is not among ${codes.join(', ') || 'no findings'}`);
    expectReport(finding, each, declaration);
  }
  const titles = [verdict, ...findings].flatMap(({ fixes }) => fixes).map(({ title }) => title);
  const { neverFix, proposal } = expected;
  if (neverFix) expect(titles.filter((title) => neverFix.test(title))).toEqual([]);
  if (proposal)
    expect(verdict.fixes.map(({ title }) => title)).toContainEqual(expect.stringMatching(proposal));
}

function codeOf({ code, evidence }: PrintedFinding): string {
  return code === 'plateau' ? `plateau:${evidence.class}` : code;
}

function expectReport(
  { code, location, message, evidence, fixes }: PrintedFinding,
  { at, within, isElsewhere, says, class: kind, fix }: ExpectedReport,
  { extent, annotation }: LossDeclaration,
): void {
  const place = placed(location!);
  expect(place.text, code).toBe(at);
  if (within) expect(place.surroundings, code).toContain(within);
  const from = annotation?.location.line ?? extent.line;
  const isInside = location!.line >= from && location!.endLine <= extent.endLine;
  expect(isInside, `${code} is in the lines of the loss`).toBe(!isElsewhere);
  if (says) expect(message).toMatch(says);
  if (kind) expect(evidence.class).toBe(kind);
  if (fix === undefined) return;
  const titles = fixes.map(({ title }) => title);
  if (fix === null) expect(titles, code).toEqual([]);
  else expect(titles, code).toContainEqual(expect.stringMatching(fix));
}

/** The text at a printed location, and the lines around it. */
function placed(location: SourceLocation): { readonly text: string; readonly surroundings: string } {
  const file = path.join(reportPrograms, location.file);
  const lines = new LineMap(file, readFileSync(file, 'utf8'));
  const { from, to } = lines.range({ ...location, file });
  return {
    text: lines.text.slice(from, to),
    surroundings: lines.text.slice(lines.lineStart(from), lines.lineEnd(to)),
  };
}

/** The text at a location that a message begins with: "a.ts:3:5: warning". */
export function textAt({ file, line, column, endLine, endColumn }: SourceLocation): string {
  return placed({ file, line, column, endLine, endColumn }).text;
}
