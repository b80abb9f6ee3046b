import { placesByName } from '../../core/replay/sameNames';
import { replaySpike } from '../../core/replay/spikeReplay';
import { checkpointOf } from '../../core/replay/trainingState';
import { failureAtName } from '../../loss/providers/lossFailure';
import { progressTo } from './analyse';
import type { JobEnvironment, JobOf } from './job';
import { namedConfig } from './namedConfig';

/** Makes the steps around a spike of a recorded training again with a loss of the workspace, and posts what changes do to it. */
export async function replaySpikeWith(
  environment: JobEnvironment,
  { config: given, state, names, lrChanges, recorded }: JobOf<'spike'>,
): Promise<void> {
  const { source, loader, control, post } = environment;
  const loss = await loader.load(given);
  const own = loss.start();
  const config = namedConfig(given, loss);
  const places = placesByName(names, config.names ?? []);
  if (typeof places === 'string')
    throw failureAtName(
      source,
      'wrong-dimension',
      `${source.lossName} does not have the parameters of the recording: ${places}`,
    );
  const arranged = (values: Float64Array) => Float64Array.from(places, (place) => values[place]!);
  const from = checkpointOf(config, {
    ...state,
    params: arranged(state.params),
    states: state.states.map(([name, values]) => [name, arranged(values)] as const),
  });
  const progress = progressTo(post, control);
  const replay = await replaySpike({
    config,
    objective: loss.objective(own.length),
    isContextual: loss.isContextual,
    from,
    lrChanges,
    recorded,
    mayStep: () => control.mayStep(),
    onProgress: (done, total) => void progress.went(done, total),
  });
  post({ type: 'spike', replay });
}
