import type { RankingView, RunView } from '../../src/protocol/panel';
import { styleCount } from '../charts/lineStyle';
import { shortNumber, stepText } from '../numberText';
import { nameIn, recordedIn } from '../state/coordinateNames';
import { isLive } from '../state/isLive';
import { rankWords } from '../state/rankWords';
import { shownCoordinates } from '../state/slots';
import { useDashboard } from './context';
import { ScrollTable } from './scrollTable';
import { useRanking } from './useRanking';

/** The coordinates that matter at the step cursor, by reason. A click shows or hides one in the charts. */
export function Ranks({ run }: { readonly run: RunView }) {
  const dashboard = useDashboard();
  const step = dashboard.focus.step;
  const ranking = useRanking(run.id, step);
  if (ranking === null) return null;
  return (
    <section class="card ranks" aria-label="Coordinates that matter">
      <header class="cardHead">
        <h2>
          Coordinates that matter{' '}
          <span class="symbol">
            {ranking.step === step
              ? `at step ${stepText(step)}`
              : `at step ${stepText(ranking.step)}, the ranked step nearest to ${stepText(step)}`}
          </span>
        </h2>
        {ranking.dead > 0 && (
          <span class="muted" title={rankWords.dead.meaning}>
            {stepText(ranking.dead)} of {stepText(run.dim)} dead
          </span>
        )}
      </header>
      <ScrollTable class="ranksTable" label="Coordinates that matter, by reason">
        <table>
          <tbody>
            {ranking.ranks.map((rank) => (
              <RankRow key={rank.name} run={run} rank={rank} />
            ))}
          </tbody>
        </table>
      </ScrollTable>
    </section>
  );
}

interface RankRowProps {
  readonly run: RunView;
  readonly rank: RankingView['ranks'][number];
}

function RankRow({ run, rank }: RankRowProps) {
  const dashboard = useDashboard();
  const { reason, meaning } = rankWords[rank.name];
  const shown = new Set(shownCoordinates(dashboard.slots.value).map(({ coordinate }) => coordinate));
  const recorded = recordedIn(run);
  return (
    <tr>
      <th scope="row" title={meaning}>
        {reason}
      </th>
      {rank.coordinates.map((coordinate, i) => {
        const name = nameIn(run, coordinate);
        const isShown = shown.has(coordinate);
        const isRecorded = recorded.has(coordinate);
        const act = isShown ? `Hide ${name}` : `Show ${name} in the charts`;
        return (
          <td key={coordinate}>
            <button
              type="button"
              class="chip"
              aria-pressed={isShown}
              disabled={!isRecorded && isLive(run.status)}
              title={isRecorded ? act : unrecordedTitle(run, name)}
              onClick={() => dashboard.pick(coordinate, styleCount)}
            >
              {name} <span class="rankValue">{shortNumber(rank.values[i]!)}</span>
            </button>
          </td>
        );
      })}
    </tr>
  );
}

/** What a click on a coordinate does whose values are not recorded. */
export function unrecordedTitle(run: RunView, name: string): string {
  return isLive(run.status)
    ? `${name} is not recorded. Its history can be computed when the run has ended.`
    : `${name} is not recorded: repeat the run from its start to compute its history`;
}
