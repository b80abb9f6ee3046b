import { expect, it } from 'vitest';
import { proseText } from '../../../src/host/testing/proseText';

it.each<[text: string, escaped: string]>([
  [
    'error: The loss (0.5) rose to 1e-3, far above w[0].',
    'error: The loss (0.5) rose to 1e-3, far above w[0].',
  ],
  ['loss < 0.5 * x, weight_decay', 'loss < 0.5 * x, weight_decay'],
  ['*a* and _b_ and __init__', '\\*a\\* and \\_b\\_ and \\_\\_init\\_\\_'],
  ['`code` and \\', '\\`code\\` and \\\\'],
  ['w[0](command:x) and w[0][1]', 'w[0\\](command:x) and w[0\\][1]'],
  ['<b>x</b> a<b', '\\<b>x\\</b> a\\<b'],
  ['two\nlines', 'two lines'],
])('%j is shown unchanged', (text, escaped) => {
  expect(proseText(text)).toBe(escaped);
});
