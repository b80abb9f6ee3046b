import type { RowVerdict } from '../../../src/protocol/panel';
import { Icon, type IconName } from '../icon';

const icons: { readonly [V in RowVerdict]: IconName } = {
  pass: 'check',
  fail: 'close',
  best: 'star',
  follows: 'dash',
  'not applicable': 'dash',
};

/** A verdict as a shape and a word, so that it is never shown by colour alone. */
export function VerdictMark({ verdict }: { readonly verdict: RowVerdict }) {
  return (
    <span class={`rowVerdict ${verdict.replace(' ', '')}`}>
      <Icon name={icons[verdict]} /> {verdict}
    </span>
  );
}
