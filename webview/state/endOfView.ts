import type { Frame } from '../../src/protocol/panel';

/** The last step of a frame if the run has later ones, which a zoom hides; else null. */
export function endOfView(frame: Pick<Frame, 'range' | 'steps'> | null): number | null {
  return frame !== null && frame.range[1] < frame.steps ? frame.range[1] : null;
}
