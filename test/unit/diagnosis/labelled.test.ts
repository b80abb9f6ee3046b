import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { evidenceWords } from '../../../src/core/diagnosis/evidenceWords';
import { inAscent } from '../../../src/core/lossWords';
import { labelledRuns } from './support/cases';
import { diagnosed } from './support/diagnosed';

describe('the same runs, as ascent on the negated function', () => {
  it.each(labelledRuns)('$name', async ({ problem, patch, finds }) => {
    const { labels, findings } = await diagnosed(problem, [{ ...patch, maximize: true }]);
    expect([...labels].sort()).toEqual([...finds].sort());
    for (const { code, headline, detail, advice, evidence } of findings) {
      const names = Object.keys(evidence).map((name) => inAscent(evidenceWords(code, name)));
      for (const text of [headline, detail, advice, ...names])
        expect(text, code).not.toMatch(/\bloss(es)?\b(?! scale)|negated/i);
    }
  });
});

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
