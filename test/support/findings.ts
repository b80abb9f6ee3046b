import type { Finding } from '../../src/core/diagnosis/finding';

/** A valid finding, for tests that need only some of its fields. */
export function aFinding(given: Partial<Finding> = {}): Finding {
  const { code = 'divergence' } = given;
  return {
    id: `${code}-1`,
    code,
    severity: 'warning',
    headline: 'The loss behaves badly.',
    detail: 'It has behaved badly for a while.',
    advice: 'Nothing to do.',
    steps: [1, 100],
    coordinates: [],
    evidence: {},
    subject: null,
    origin: null,
    location: null,
    fixes: [],
    ...given,
  };
}
