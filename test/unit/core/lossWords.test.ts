import { describe, expect, it } from 'vitest';
import { inAscent, lossWordsOf } from '../../../src/core/lossWords';

describe('the words for the function of a run', () => {
  const descent = lossWordsOf({ maximize: false });
  const ascent = lossWordsOf({ maximize: true });

  it('are those of the rules if the run minimizes', () => {
    expect(descent.say`The loss rose from ${descent.value(-1)} to ${descent.value(2)}.`).toBe(
      'The loss rose from -1 to 2.',
    );
  });

  it('are about the objective if it maximizes, with its values', () => {
    expect(ascent.say`The loss rose from ${ascent.value(-1)} to ${ascent.value(2)}.`).toBe(
      'The objective fell from 1 to -2.',
    );
    expect(ascent.value(0)).toBe('0');
    expect(ascent.value(Number.POSITIVE_INFINITY)).toBe('-∞');
  });

  it('leave what is inserted as it is', () => {
    expect(ascent.say`The loss of ${'loss.ts'} is below ${'above'}.`).toBe(
      'The objective of loss.ts is above above.',
    );
  });

  it.each([
    ['The loss decreases without a lower bound', 'The objective increases without an upper bound'],
    ['a lower loss than the lowest', 'a higher objective than the highest'],
    ['the jump lowers it', 'the jump raises it'],
    ['loss before the spike', 'objective before the drop'],
    ['the loss scale, and glosses', 'the loss scale, and glosses'],
  ])('turn "%s" to "%s"', (text, turned) => {
    expect(inAscent(text)).toBe(turned);
  });
});
