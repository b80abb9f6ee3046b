import type { LossProblem } from '../loss/problem';
import type { EndReason, JobRequest } from '../protocol/jobProcess';
import type { Exit } from './jobChild';

/** How a job ended. `reported`: its last event contains the result. */
export type Ending =
  | { readonly kind: 'reported' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'timeout' | 'memory' | 'crashed'; readonly problem: LossProblem };

const editorSettings = {
  time: 'setting adamscope.evaluationTimeoutMs',
  memory: 'setting adamscope.memoryLimitMb',
};

/** The signals with which the JavaScript engine ends its process if it cannot allocate memory or enlarge an array. */
const engineSignals: ReadonlySet<NodeJS.Signals> = new Set(['SIGTRAP', 'SIGILL']);

/** The ending for the reason that a job's process reported. */
export function endingOf(reason: EndReason, detail: string | null, request: JobRequest): Ending {
  const { lossName } = request.source;
  const { evaluationTimeoutMs, memoryLimitMb } = request.limits;
  switch (reason) {
    case 'reported':
    case 'stopped':
      return { kind: reason };
    case 'timeout': {
      const message = `${lossName} did not return within ${evaluationTimeoutMs / 1000} s and was stopped`;
      return ended('timeout', 'timeout', message + setBy(request, 'time'), request);
    }
    case 'memory': {
      const message = `${lossName} used more than ${memoryLimitMb} MB and was stopped`;
      return ended('memory', 'out-of-memory', message + setBy(request, 'memory'), request);
    }
    case 'never-settles':
      return ended('crashed', 'never-settles', `${lossName} waits for a promise that never settles`, request);
    case 'crashed':
      return crashed(detail ?? 'the cause is unknown', request);
    default:
      return reason satisfies never;
  }
}

/** The ending of a job whose process ended without reporting a reason. */
export function endingOfExit(
  { code, signal, failure }: Exit,
  engineDied: boolean,
  request: JobRequest,
): Ending {
  const { lossName } = request.source;
  if (failure !== null) return crashed(`the process could not be started: ${failure}`, request);
  // The engine ends its process when the heap is full, and also when an array becomes too large.
  if (engineDied || (signal !== null && engineSignals.has(signal)))
    return ended(
      'memory',
      'out-of-memory',
      `${lossName} needed more memory than the JavaScript engine can provide, and its process ended`,
      request,
    );
  if (signal === 'SIGKILL')
    return ended(
      'memory',
      'out-of-memory',
      `the process of ${lossName} was ended by the system, likely because the machine ran out of memory`,
      request,
    );
  return crashed(signal === null ? `exit code ${code}` : `signal ${signal}`, request);
}

export function crashed(cause: string, request: JobRequest): Ending {
  const message = `the process that runs ${request.source.lossName} ended: ${cause}`;
  return ended('crashed', 'worker-crashed', message, request);
}

function ended(
  kind: 'timeout' | 'memory' | 'crashed',
  code: LossProblem['code'],
  message: string,
  { source }: JobRequest,
): Ending {
  return { kind, problem: { code, severity: 'error', message, location: source.location } };
}

function setBy({ limits }: JobRequest, limit: 'time' | 'memory'): string {
  const where = (limits.setBy ?? editorSettings)[limit];
  return where === null ? '' : ` (${where})`;
}
