import type { Explanation } from '../../../src/protocol/panel';
import { exactNumber } from '../../numberText';
import { Tex } from './tex';

/** The formula of the optimizer, line by line: with names, with the numbers of this step, and the result. */
export function Derivation({ explanation }: { readonly explanation: Explanation }) {
  const { formula } = explanation;
  if (formula === null) return null;
  return (
    <section class="derivation" aria-label="Formula with the numbers of this step">
      <dl class="givens">
        {formula.inputs.map(({ symbol, tex, meaning, value }) => (
          <div key={symbol} title={`${meaning}: ${value}`}>
            <dt>
              <Tex tex={tex} text={symbol} />
              <span class="unseen">, {meaning}</span>
            </dt>
            <dd>{exactNumber(value)}</dd>
          </div>
        ))}
      </dl>
      <ol class="lines">
        {formula.lines.map(({ symbol, meaning, text, formulaTex, numbersTex, value }) => (
          <li key={symbol} class={symbol === 'update' ? 'result' : ''} title={`${meaning}: ${value}`}>
            <Tex tex={`${formulaTex} = ${numbersTex}`} text={text} />
            <span class="lineValue">
              <span class="unseen">{meaning}: </span>= {exactNumber(value)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
