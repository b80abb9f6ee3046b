import { useState } from 'preact/hooks';
import type { RunView, TensorView, TrainingView } from '../../../src/protocol/panel';
import { narrowNumber, stepText } from '../../numberText';
import { orderedTensors, rankings, statisticAt, type TensorOrder } from '../../state/tensorRows';
import { shownStatistics, tensorStatistics } from '../../state/tensorStatistics';
import { useDashboard } from '../context';
import { EditorLink } from '../editorLink';
import { ScrollTable } from '../scrollTable';
import { shapeText } from './tensorWords';
import { useTensorsAt } from './useTensors';

/** The rows before all are shown. */
const firstRows = 10;

interface TensorTableProps {
  readonly run: RunView;
  readonly training: TrainingView;
  readonly tensors: readonly TensorView[];
  /** The tensor whose coordinates are shown. */
  readonly chosen: number | null;
  readonly onChoose: (tensor: number) => void;
}

/** The tensors at the step cursor, ranked. */
export function TensorTable({ run, training, tensors, chosen, onChoose }: TensorTableProps) {
  const { focus } = useDashboard();
  const [order, setOrder] = useState<TensorOrder>(rankings[0]![1]);
  const [isWhole, setIsWhole] = useState(false);
  const { step } = focus;
  const at = useTensorsAt(run.id, step, focus.steps);
  if (at === null) return null;
  const names = tensors.map(({ name }) => name);
  const listed = orderedTensors(at, names, order);
  const shown = isWhole ? listed : listed.slice(0, firstRows);
  const sortBy = (by: TensorOrder['by'], descending: boolean) =>
    setOrder({ by, descending: order.by === by && !order.deadOnly ? !order.descending : descending });
  const head = (by: TensorOrder['by'], text: string, title: string, descending: boolean) => (
    <th
      scope="col"
      key={by}
      aria-sort={order.by !== by ? 'none' : order.descending ? 'descending' : 'ascending'}
    >
      <button type="button" class="sortHead" title={`${title}. Sort`} onClick={() => sortBy(by, descending)}>
        {text}
        <span aria-hidden="true">{order.by !== by ? '' : order.descending ? ' ↓' : ' ↑'}</span>
      </button>
    </th>
  );
  return (
    <article class="tensorRanking" aria-label="Tensors at the step cursor">
      <header class="cardHead">
        <h2>
          At step {stepText(at.step)}
          {at.step !== step && <span class="symbol">, the recorded step nearest to {stepText(step)}</span>}
        </h2>
      </header>
      <fieldset class="chips" aria-label="Rankings">
        {rankings.map(([title, each, meaning]) => (
          <button
            type="button"
            class="chip"
            key={title}
            title={meaning}
            aria-pressed={isSame(order, each)}
            onClick={() => setOrder(each)}
          >
            {title}
          </button>
        ))}
      </fieldset>
      {listed.length === 0 ? (
        <p class="hint">Every tensor has a gradient other than 0 at this step.</p>
      ) : (
        <ScrollTable class="tensorTable" label="Tensors, ranked">
          <table>
            <thead>
              <tr>
                {head('name', 'tensor', 'Name, in the order of the optimizer', false)}
                <th scope="col">shape</th>
                <th scope="col">group</th>
                {shownStatistics.map((each) => {
                  const { head: text, title, meaning, extreme } = tensorStatistics[each];
                  return head(each, text, `${title}: ${meaning}`, extreme === 'largest');
                })}
              </tr>
            </thead>
            <tbody>
              {shown.map((tensor) => {
                const { name, shape, group } = tensors[tensor]!;
                return (
                  <tr key={name} class={tensor === chosen ? 'chosen' : ''}>
                    <th scope="row" title={name}>
                      <button
                        type="button"
                        class="editorLink"
                        aria-pressed={tensor === chosen}
                        title={`Show the recorded coordinates of ${name}`}
                        onClick={() => onChoose(tensor)}
                      >
                        {name}
                      </button>
                    </th>
                    <td>{shapeText(shape)}</td>
                    <td title={optionsOf(training, group)}>{group + 1}</td>
                    {shownStatistics.map((each) => {
                      const value = statisticAt(at, tensor, each);
                      return (
                        <td key={each} title={Number.isNaN(value) ? 'no gradient' : undefined}>
                          {Number.isNaN(value) ? '–' : narrowNumber(value)}
                        </td>
                      );
                    })}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </ScrollTable>
      )}
      {listed.length > firstRows && (
        <p class="hint">
          <EditorLink
            title={isWhole ? `Show the first ${firstRows} tensors` : 'Show all tensors'}
            onClick={() => setIsWhole(!isWhole)}
          >
            {isWhole ? `Show the first ${firstRows}` : `Show all ${stepText(listed.length)}`}
          </EditorLink>
        </p>
      )}
    </article>
  );
}

function isSame(a: TensorOrder, b: TensorOrder): boolean {
  return a.by === b.by && a.descending === b.descending && (a.deadOnly ?? false) === (b.deadOnly ?? false);
}

function optionsOf({ groups }: TrainingView, group: number): string {
  return (groups[group] ?? []).map(([name, value]) => `${name}=${value}`).join(' ');
}
