import { constants } from 'node:os';
import { jobs } from './jobs';

const controller = new AbortController();
/** The number of jobs in progress. An interruption stops all of them. */
let activeJobs = 0;

/** Aborted by Ctrl-C. Running jobs must then stop, and their results so far are printed. */
export const interruption: AbortSignal = controller.signal;

/** The exit code that a shell expects after a signal. */
export function exitCodeOf(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): number {
  return 128 + constants.signals[signal];
}

/**
 * Waits for a job. Ctrl-C stops the job.
 *
 * @param stop  asks the job to end, after which `ended` must settle soon
 */
export async function whileInterruptible<T>(ended: Promise<T>, stop: () => void): Promise<T> {
  activeJobs++;
  interruption.addEventListener('abort', stop);
  if (interruption.aborted) stop();
  try {
    return await ended;
  } finally {
    interruption.removeEventListener('abort', stop);
    activeJobs--;
  }
}

/**
 * The only code that handles signals. Ctrl-C stops the jobs, so that the command can print the results so
 * far. A second Ctrl-C, or one without a job in progress, ends the command. SIGTERM and SIGHUP end it
 * immediately. In all these cases, no process or temporary folder remains.
 */
export function handleSignals(): void {
  const exit = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => {
    jobs.dispose();
    process.exit(exitCodeOf(signal));
  };
  process.on('SIGINT', () => {
    if (interruption.aborted || activeJobs === 0) exit('SIGINT');
    controller.abort();
  });
  process.on('SIGTERM', () => exit('SIGTERM'));
  process.on('SIGHUP', () => exit('SIGHUP'));
}
