import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { formatGroup } from '../../../src/loss/annotation/configText';
import { problemOfGroup, readGroup } from '../../../src/loss/annotation/groupText';

describe('a group that a person enters', () => {
  it.each(['b lr=0.1', 'a 4..9 weightDecay=0 eps=1e-7', '"c d" 3 lr=0.2'])(
    'is read as its tag: %s',
    (text) => {
      expect(formatGroup(readGroup(text).group!)).toBe(text);
    },
  );

  it.each([
    ['b lr=', /lr/],
    ['b lr=-1', /lr must be >= 0, got -1/],
    ['', /such as b lr=0\.1/],
    ['b lr=0.1 @steps 3', /one group/],
    ['b */ lr=0.1', /one group/],
  ])('says what is wrong: %j', (text, words) => {
    expect(readGroup(text).wrong).toMatch(words);
  });

  const { config } = resolveConfig([{ optimizer: { name: 'sgd', lr: 0.1 }, names: ['a', 'b'] }]);
  it.each([
    ['b lr=0.2', undefined],
    ['c lr=0.2', /names c, which is no parameter/],
    ['0..5 lr=0.2', /contains 5, but the loss has 2 parameters/],
    ['b eps=1', /"eps" is not an option of sgd/],
    ['a lr=0.2', /a is in two groups/],
  ])('must fit the run: %s', (text, words) => {
    const problem = problemOfGroup([{ names: ['a'], lr: 1 }, readGroup(text).group!], 1, config, 2);
    if (words) expect(problem).toMatch(words);
    else expect(problem).toBeUndefined();
  });
});
