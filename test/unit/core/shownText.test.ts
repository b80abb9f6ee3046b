import { describe, expect, it } from 'vitest';
import { shownText } from '../../../src/core/shownText';

describe('a text of the user’s code for display', () => {
  it('is limited in length', () => {
    expect(shownText('x'.repeat(50e6))).toBe(`${'x'.repeat(2000)}…`);
    expect(shownText('x'.repeat(2000))).toHaveLength(2000);
  });

  it('contains no control characters that a terminal or an editor interprets', () => {
    expect(shownText('\u001b[31mred\u0007\u009b2J\u202egnorw\u2066')).toBe(
      '\\x1b[31mred\\x07\\x9b2J\\u202egnorw\\u2066',
    );
  });

  it('keeps line breaks, tabs and all letters', () => {
    expect(shownText('a\n\tb\r\nθ – 漢字 🙂')).toBe('a\n\tb\r\nθ – 漢字 🙂');
  });
});
