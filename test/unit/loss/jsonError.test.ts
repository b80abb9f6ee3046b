import { describe, expect, it } from 'vitest';
import { jsonErrorOffset } from '../../../src/loss/providers/javascript/load/jsonError';

describe('the position of an error in JSON', () => {
  it.each([
    ['{"a": 1,«}»'],
    ['{"a" «1»}'],
    ['{"a": «tru»}'],
    ["{«'a'»: 1}"],
    ['{"a": 1} «x»'],
    ['[1 «2»]'],
    ['[1,«]»'],
    ['{"a":{"b":[1,2,{«]»}}'],
    ['{"a": «"x\n»"}'],
    ['[«NaN»]'],
    ['[1, «// no»\n2]'],
    ['[1, 2«»'],
    ['{«»'],
    ['«»'],
  ])('%s', (marked) => {
    const text = marked.replace(/[«»]/g, '');
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(jsonErrorOffset(text)).toBe(marked.indexOf('«'));
  });
});
