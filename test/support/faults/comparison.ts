import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { SourceLocation } from '../../../src/core/sourceLocation';
import { LineMap } from '../../../src/loss/places/lineMap';
import type { FaultCase } from './cases';
import { type FaultCode, isFaultCode } from './codes';
import type { Found } from './runCase';

/** The comparison of a label with the reported findings. */
export interface Comparison {
  readonly name: string;
  readonly right: readonly FaultCode[];
  readonly missed: readonly FaultCode[];
  /** Warnings and errors that the label does not expect, and findings that it forbids. */
  readonly wrong: readonly Found[];
  /** Infos that the label neither expects nor allows. They are reported, but do not count as wrong. */
  readonly unlisted: readonly Found[];
  /** Expected findings at another place than in the label. */
  readonly misplaced: readonly Misplaced[];
}

export interface Misplaced {
  readonly code: FaultCode;
  /** The actual and the expected place. */
  readonly words: string;
}

export function compared({ name, finds, silent, may }: FaultCase, found: readonly Found[]): Comparison {
  const of = (code: FaultCode) => found.filter((each) => each.code === code);
  const right = finds.filter(({ code }) => of(code).length > 0);
  const others = found.filter(({ code }) => !finds.some((expected) => expected.code === code));
  const isForbidden = ({ code }: Found) => isFaultCode(code) && silent.includes(code);
  const isWrong = (each: Found) => each.severity !== 'info' || isForbidden(each);
  const isAllowed = ({ code }: Found) => isFaultCode(code) && may.includes(code);
  return {
    name,
    right: right.map(({ code }) => code),
    missed: finds.flatMap(({ code }) => (of(code).length > 0 ? [] : [code])),
    wrong: others.filter(isWrong),
    unlisted: others.filter((each) => !isWrong(each) && !isAllowed(each)),
    misplaced: right.flatMap(({ code, location }) =>
      of(code).some((each) => isSame(each.location, location))
        ? []
        : [{ code, words: `${formatNumber(of(code)[0]!.location)} instead of ${formatNumber(location)}` }],
    ),
  };
}

function isSame(a: SourceLocation, b: SourceLocation): boolean {
  return (
    a.file === b.file &&
    a.line === b.line &&
    a.column === b.column &&
    a.endLine === b.endLine &&
    a.endColumn === b.endColumn
  );
}

function formatNumber(location: SourceLocation): string {
  const lines = new LineMap(location.file, readFileSync(location.file, 'utf8'));
  const { from, to } = lines.range(location);
  return `at «${lines.text.slice(from, to)}» (${path.basename(location.file)}:${location.line}:${location.column})`;
}
