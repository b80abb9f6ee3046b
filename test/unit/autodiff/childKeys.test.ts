import { VISITOR_KEYS } from '@babel/types';
import { expect, it } from 'vitest';
import { childKeys } from '../../../src/autodiff/syntax/childKeys';

it('lists the children of each type of node that Babel knows', () => {
  const known = new Map(Object.entries(childKeys));
  const types = Object.keys(VISITOR_KEYS).filter((type) => /^[A-Z]/.test(type));
  expect(types.length).toBeGreaterThan(200);
  for (const type of types) expect([type, known.get(type)]).toEqual([type, VISITOR_KEYS[type]]);
});
