import type { FindingView } from '../../src/protocol/panel';

export type Severity = FindingView['severity'];

/** A shape for every severity, the same in charts and lists: colour alone says nothing. */
export const severityGlyph: Readonly<Record<Severity, string>> = { error: '✖', warning: '▲', info: '●' };
