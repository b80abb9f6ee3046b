import type { FindingView } from '../../src/protocol/panel';

export type Severity = FindingView['severity'];

/** A shape for every severity, the same in charts and lists, so that severity is never shown by colour alone. */
export const severityGlyph: Readonly<Record<Severity, string>> = { error: '✖', warning: '▲', info: '●' };
