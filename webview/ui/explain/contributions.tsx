import type { Explanation } from '../../../src/protocol/panel';
import { exactNumber, shortNumber, stepText } from '../../numberText';
import { useDashboard } from '../context';

type Contribution = Explanation['contributions'][number];

/** The update as a sum: past gradients with their weights, decay, and the learning rate of the step. */
export function Contributions({ explanation }: { readonly explanation: Explanation }) {
  const { focus } = useDashboard();
  const { contributions, recorded } = explanation;
  if (contributions.length === 0) return null;
  const largest = Math.max(...contributions.map(({ part }) => Math.abs(part)), 1e-300);
  return (
    <section class="contributions" aria-label="The update as a sum of contributions">
      <table>
        <thead>
          <tr>
            <th scope="col">contribution</th>
            <th scope="col">gradient</th>
            <th scope="col">weight</th>
            <th scope="col" colSpan={2}>
              part of the update
            </th>
          </tr>
        </thead>
        <tbody>
          {contributions.map((each) => (
            <tr key={`${each.kind} ${each.step}`}>
              <th scope="row">
                {each.kind === 'gradient' ? (
                  <button
                    type="button"
                    class="editorLink"
                    title="Move the step cursor there"
                    onClick={() => focus.moveCursor(each.step)}
                  >
                    gradient of step {stepText(each.step)}
                  </button>
                ) : (
                  words[each.kind]
                )}
              </th>
              <td>{Number.isNaN(each.gradient) ? '' : shortNumber(each.gradient)}</td>
              <td>{Number.isNaN(each.weight) ? '' : shortNumber(each.weight)}</td>
              <td>{shortNumber(each.part)}</td>
              <td class="bar" aria-hidden="true">
                <span
                  class={each.part < 0 ? 'down' : 'up'}
                  style={{ width: `${(50 * Math.abs(each.part)) / largest}%` }}
                />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">update</th>
            <td />
            <td />
            <td>{exactNumber(recorded)}</td>
            <td />
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

const words: { readonly [K in Exclude<Contribution['kind'], 'gradient'>]: string } = {
  older: 'older gradients',
  penalty: 'L2 penalty',
  decay: 'weight decay',
  lr: 'learning rate of this step',
};
