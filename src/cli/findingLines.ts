import { originSentence } from '../core/diagnosis/originWords';
import type { PlacedFinding } from './placedFinding';

/** A finding as compilers print theirs; its detail, advice and fixes are indented below it. */
export function findingLines(finding: PlacedFinding): string[] {
  const { code, severity, headline, detail, advice, origin, location, fixes } = finding;
  return [
    `${location.file}:${location.line}:${location.column}: ${severity}: ${headline} [${code}]`,
    ...[detail, ...(origin ? [originSentence(origin)] : []), advice].map((line) => `    ${line}`),
    ...fixes.map(({ title }) => `    try ${title}`),
  ];
}
