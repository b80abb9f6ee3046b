import type { RunView } from '../../src/protocol/panel';
import { stepText } from '../numberText';

/** The state of a run in words; the glyph before it repeats it as a shape. */
export function statusText(run: RunView): { readonly glyph: string; readonly text: string } {
  if (run.training !== null) return trainingText(run);
  const at = stepText(run.steps);
  const of = `${at} of ${stepText(run.plannedSteps)}`;
  switch (run.status) {
    case 'queued':
      return { glyph: '◌', text: run.steps === 0 ? 'Waiting to start' : `Waiting to continue at ${of}` };
    case 'loading':
      return { glyph: '◌', text: 'Loading the loss' };
    case 'running':
      return { glyph: '●', text: `Running, ${of}` };
    case 'paused':
      return { glyph: '❚❚', text: `Paused at ${of}` };
    case 'finished':
      return { glyph: run.stopped === 'nonFinite' ? '✖' : '■', text: finishedText(run, at, of) };
    case 'failed':
      return { glyph: '✖', text: run.steps > 0 ? `Failed at step ${at}` : 'Failed before the first step' };
    case 'interrupted':
      return { glyph: '◼', text: `Interrupted at step ${at}` };
  }
}

/** The state of the recording of a training, which nothing here runs. */
function trainingText({ status, stopped, steps }: RunView): ReturnType<typeof statusText> {
  const at = stepText(steps);
  switch (status) {
    case 'queued':
    case 'loading':
      return { glyph: '◌', text: 'Opening the recording' };
    case 'running':
    case 'paused':
      return { glyph: '●', text: `Recording, step ${at}` };
    case 'finished':
      return {
        glyph: '■',
        text: stopped === 'user' ? `No longer followed after step ${at}` : `Ended after ${at} steps`,
      };
    case 'failed':
      return { glyph: '✖', text: `The recording could not be read beyond step ${at}` };
    case 'interrupted':
      return { glyph: '◼', text: `The file ends at step ${at} without saying why` };
  }
}

function finishedText(run: RunView, at: string, of: string): string {
  switch (run.stopped) {
    case 'tolerance':
      return `Finished at ${at}: the gradient is within the tolerance`;
    case 'earlyStopping':
      return `Stopped early at ${at}: no improvement`;
    case 'nonFinite':
      return `Stopped at ${at}: a value is not finite`;
    case 'user':
      return `Stopped by you at ${of}`;
    case 'timeout':
      return `Stopped at ${of}: time limit exceeded`;
    case 'error':
      return `Stopped at ${of} by an error`;
    case 'steps':
    case null:
      return `Finished, ${at} steps`;
  }
}
