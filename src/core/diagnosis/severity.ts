/** The severity of a finding. */
export type Severity = 'error' | 'warning' | 'info';
