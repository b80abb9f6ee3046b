import type { ViewRequest } from '../../protocol/panel';
import type { Run } from '../../runs/run';

/** The number of buckets until a page has said how wide its charts are. */
const width = 400;

/**
 * The view of a run that is sent before the page has asked for one: the loss and the path, which every page shows first. A page asks
 * only when it has drawn everything around the charts.
 */
export function beforeTheFirstRequest({ record }: Run): ViewRequest {
  return {
    runId: record.id,
    range: null,
    width,
    quantities: ['loss', 'best', 'watched'],
    coordinates: [],
    smoothing: [],
    path: true,
  };
}
