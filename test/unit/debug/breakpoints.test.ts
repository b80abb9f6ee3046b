import { describe, expect, it } from 'vitest';
import { located, readHitCount } from '../../../src/debug/breakpoints';
import { isCounted } from '../../../src/protocol/stops';

describe('a hit count', () => {
  it.each([
    ['5', { operator: '>=', count: 5 }],
    ['== 5', { operator: '==', count: 5 }],
    ['=5', { operator: '==', count: 5 }],
    ['>3', { operator: '>', count: 3 }],
    [' % 100 ', { operator: '%', count: 100 }],
    ['', null],
    [undefined, null],
  ])('%s is read', (text, expected) => {
    expect(readHitCount(text)).toEqual(expected);
  });

  it.each(['often', '0', '-1', '1.5', '> ', '== x'])('%s is refused', (text) => {
    expect(readHitCount(text)).toContain('is wrong: write a number such as 5');
  });

  it('decides about the n-th hit', () => {
    const stops = (text: string) => [1, 2, 3, 4].filter((n) => isCounted(readHitCount(text) as never, n));
    expect(stops('== 2')).toEqual([2]);
    expect(stops('>= 2')).toEqual([2, 3, 4]);
    expect(stops('> 2')).toEqual([3, 4]);
    expect(stops('< 2')).toEqual([1]);
    expect(stops('<= 2')).toEqual([1, 2]);
    expect(stops('% 2')).toEqual([2, 4]);
  });
});

it('a problem names the part of the text, or its place at the end', () => {
  expect(located('los < 1', { message: 'Unknown.', from: 0, to: 3 })).toBe(
    'Unknown. (at “los”, character 1)',
  );
  expect(located('y'.repeat(99), { message: 'Too long.', from: 0, to: 99 })).toBe(
    `Too long. (at “${'y'.repeat(39)}…”, character 1)`,
  );
  expect(located('loss <', { message: 'Incomplete.', from: 6, to: 6 })).toBe('Incomplete. (at character 7)');
});
