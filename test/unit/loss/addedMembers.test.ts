import { afterEach, expect, test } from 'vitest';
import { addedMembers, putBack } from '../../../src/loss/providers/javascript/programs/addedMembers';

const numbers = Number.prototype as { addedHere?: unknown };

afterEach(() => {
  delete numbers.addedHere;
});

test('members that another load replaced are put back', () => {
  const rewritten = () => 'rewritten';
  numbers.addedHere = rewritten;
  const added = addedMembers();
  expect(added.map(({ key }) => key)).toContain('addedHere');
  numbers.addedHere = () => 'plain';
  putBack(added);
  expect(numbers.addedHere).toBe(rewritten);
});

test('a member that cannot be changed is left as it is', () => {
  const object = Object.freeze({ addedHere: 1 });
  expect(() => putBack([{ prototype: object, key: 'addedHere', own: { value: 2 } }])).not.toThrow();
  expect(object.addedHere).toBe(1);
});
