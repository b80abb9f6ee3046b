import { originSentence } from '../core/diagnosis/originWords';
import { editLines } from '../core/sourceEdit';
import { lineAfterFile, lineInWords } from '../core/sourceLocation';
import type { SourceProblem } from '../loss/problem';
import { oneLine } from './oneLine';
import type { PlacedFinding, PrintedFix } from './placedFinding';

/**
 * The lines that print a finding: a headline in the format of compilers, then detail, advice and fixes,
 * indented.
 */
export function findingLines(finding: PlacedFinding): string[] {
  const { code, severity, headline, detail, advice, origin, location, fixes } = finding;
  return [
    `${location.file}:${lineAfterFile(location)}:${location.column}: ${severity}: ${headline} [${code}]`,
    ...[detail, ...(origin ? [originSentence(origin)] : []), advice].map((line) => `    ${line}`),
    ...fixes.flatMap(fixLines),
  ];
}

/** A problem in the format of compilers. */
export function problemLine({ code, severity, message, location }: SourceProblem): string {
  return `${location.file}:${lineAfterFile(location)}:${location.column}: ${severity}: ${message} [${code}]`;
}

/** A fix to try, and the lines of an edit as a difference. The whole text of an edit is in `--json`. */
export function fixLines({ title, edit }: PrintedFix): string[] {
  if (!edit) return [`    try ${title}`];
  const changes = editLines(edit).map((line) => `          ${oneLine(line)}`);
  return [`    try ${title}`, `        ${lineInWords(edit.location)}:`, ...changes];
}
