import { expect, test } from 'vitest';
import { headlineOf } from '../../../webview/ui/headline';

test.each([
  [
    'The loss has stopped improving since step 1601, at 4.34e-10. What the steps still do is worth 3.32e-10.',
    'The loss has stopped improving since step 1601, at 4.34e-10',
    'What the steps still do is worth 3.32e-10.',
  ],
  [
    'The steps have been at the edge of stability since step 2624: a·λmax(P⁻¹H) is 39.6; above 38, steps grow.',
    'The steps have been at the edge of stability since step 2624',
    'a·λmax(P⁻¹H) is 39.6; above 38, steps grow.',
  ],
  [
    'The loss has been above its start (50.5; see there: first) since step 2. The steps overshoot.',
    'The loss has been above its start (50.5; see there: first) since step 2',
    'The steps overshoot.',
  ],
  [
    'Gradients had grown to 9.02 times what v expected: v remembers small gradients.',
    'Gradients had grown to 9.02 times what v expected',
    'v remembers small gradients.',
  ],
  [
    'The loss became NaN at step 3: what it takes is negative.',
    'The loss became NaN at step 3',
    'What it takes is negative.',
  ],
  ['Coordinate x: its gradient is exactly 0.', 'Coordinate x: its gradient is exactly 0', ''],
  ['All of it.', 'All of it', ''],
])('%s', (message, headline, rest) => {
  expect(headlineOf(message)).toEqual({ headline, rest });
});
