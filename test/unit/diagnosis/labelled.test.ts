import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { labelledRuns } from './support/cases';
import { diagnosed } from './support/diagnosed';

describe('runs with known findings', () => {
  it.each(labelledRuns)('$name: $finds', async ({ problem, patch, finds }) => {
    const { labels, findings, outcome } = await diagnosed(problem, [patch]);
    expect([...labels].sort()).toEqual([...finds].sort());
    for (const finding of findings) {
      const [from, to] = finding.steps;
      expect(from).toBeGreaterThanOrEqual(1);
      expect(to).toBeGreaterThanOrEqual(from);
      expect(to).toBeLessThanOrEqual(outcome.steps);
      expect(finding.fixes.length).toBeLessThanOrEqual(4);
      for (const fix of finding.fixes)
        expect(resolveConfig([patch, fix.patch!]).problems, fix.title).toEqual([]);
    }
  });
});
