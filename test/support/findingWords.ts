import { expect } from 'vitest';
import type { Finding } from '../../src/core/diagnosis/finding';

const headlineAtMost = 90;
const sentencesAtMost = 3;
const wordsAtMost = 25;

type Texts = Pick<Finding, 'code' | 'headline' | 'detail' | 'advice'> & Partial<Pick<Finding, 'fixes'>>;

/**
 * Checks the form of the texts of a finding: a headline of one sentence and at most 90 characters, a detail
 * and an advice of at most three sentences with at most 25 words each. The advice begins with an imperative
 * or is "Nothing to do.", and then nothing is proposed.
 */
export function expectWellWorded({ code, headline, detail, advice, fixes = [] }: Texts): void {
  expect(headline.length, `${code}: length of the headline: ${headline}`).toBeLessThanOrEqual(headlineAtMost);
  expect(sentencesOf(headline), `${code}: the headline`).toHaveLength(1);
  for (const text of [headline, detail, advice]) {
    expect(text, code).toMatch(/^\S.*\.$/);
    expect(text, code).not.toMatch(/undefined|\[object| {2}/);
    expect(sentencesOf(text).length, `${code}: sentences of: ${text}`).toBeLessThanOrEqual(sentencesAtMost);
    for (const sentence of sentencesOf(text))
      expect(sentence.split(/\s+/).length, `${code}: words of: ${sentence}`).toBeLessThanOrEqual(wordsAtMost);
  }
  if (advice === 'Nothing to do.') expect(fixes, `${code}: fixes`).toEqual([]);
  expect(advice, code).toMatch(
    /^(Nothing to do\.|(Check|Choose|Correct|Decrease|Increase|Decay|Reparametrize|Rewrite|Set|Scale|Standardize|Start|Stop|Take|Use)\b)/,
  );
}

/** A sentence ends at a full stop before a space. A decimal point has no space after it. */
function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?])\s+/);
}
