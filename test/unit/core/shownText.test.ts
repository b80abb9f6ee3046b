import { describe, expect, it } from 'vitest';
import { shownText } from '../../../src/core/shownText';

describe('a text of the user’s code that is shown', () => {
  it('is bounded', () => {
    expect(shownText('x'.repeat(50e6))).toBe(`${'x'.repeat(2000)}…`);
    expect(shownText('x'.repeat(2000))).toHaveLength(2000);
  });

  it('holds nothing that a terminal or an editor obeys', () => {
    expect(shownText('\u001b[31mred\u0007\u009b2J\u202egnorw\u2066')).toBe(
      '\\x1b[31mred\\x07\\x9b2J\\u202egnorw\\u2066',
    );
  });

  it('keeps lines, tabs and every letter', () => {
    expect(shownText('a\n\tb\r\nθ – 漢字 🙂')).toBe('a\n\tb\r\nθ – 漢字 🙂');
  });
});
