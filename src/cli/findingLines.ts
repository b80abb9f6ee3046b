import { originSentence } from '../core/diagnosis/originWords';
import type { PlacedFinding } from './placedFinding';

/**
 * The lines that print a finding: a headline in the format of compilers, then detail, advice and fixes,
 * indented.
 */
export function findingLines(finding: PlacedFinding): string[] {
  const { code, severity, headline, detail, advice, origin, location, fixes } = finding;
  return [
    `${location.file}:${location.line}:${location.column}: ${severity}: ${headline} [${code}]`,
    ...[detail, ...(origin ? [originSentence(origin)] : []), advice].map((line) => `    ${line}`),
    ...fixes.map(({ title }) => `    try ${title}`),
  ];
}
