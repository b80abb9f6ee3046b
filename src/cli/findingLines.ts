import type { PlacedFinding } from './placedFinding';

/** A finding as compilers print theirs, and its fixes below it. */
export function findingLines(finding: PlacedFinding): string[] {
  const { code, severity, message, location, fixes } = finding;
  return [
    `${location.file}:${location.line}:${location.column}: ${severity}: ${message} [${code}]`,
    ...fixes.map(({ title }) => `    try ${title}`),
  ];
}
