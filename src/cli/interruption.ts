import { constants } from 'node:os';
import { jobs } from './jobs';

const controller = new AbortController();
/** The jobs in progress. An interruption ends all of them. */
let underWay = 0;

/** Aborted by Ctrl-C. Running jobs must then stop, and their results so far are printed. */
export const interruption: AbortSignal = controller.signal;

/** The exit code that a shell expects after a signal. */
export function exitCodeOf(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): number {
  return 128 + constants.signals[signal];
}

/**
 * Waits for a job, which Ctrl-C stops.
 *
 * @param stop  asks the job to end soon; `ended` settles then
 */
export async function whileInterruptible<T>(ended: Promise<T>, stop: () => void): Promise<T> {
  underWay++;
  interruption.addEventListener('abort', stop);
  if (interruption.aborted) stop();
  try {
    return await ended;
  } finally {
    interruption.removeEventListener('abort', stop);
    underWay--;
  }
}

/**
 * The only code that handles signals. Ctrl-C stops the jobs, so that the command can print the results so far; a second one,
 * or one without a job, ends the command. SIGTERM and SIGHUP end it at once. Nothing is left behind.
 */
export function handleSignals(): void {
  const leave = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => {
    jobs.dispose();
    process.exit(exitCodeOf(signal));
  };
  process.on('SIGINT', () => {
    if (interruption.aborted || underWay === 0) leave('SIGINT');
    controller.abort();
  });
  process.on('SIGTERM', () => leave('SIGTERM'));
  process.on('SIGHUP', () => leave('SIGHUP'));
}
