import { syncBuiltinESMExports } from 'node:module';
import threads, { type MessagePort } from 'node:worker_threads';
import type { WorkerStart } from '../protocol/worker';
import { forbidEndingTheProcess } from './guards';
import { perform } from './session';

// Deep recursion of the user's must still show a frame of the user's.
Error.stackTraceLimit = 50;
forbidEndingTheProcess(process);
const { port } = threads.workerData as { port: MessagePort };
// The user's code must not reach the port, nor the control words that come over it.
Object.assign(threads, { workerData: null, parentPort: null });
syncBuiltinESMExports();
// Without a listener the port does not keep the thread alive: a promise that nothing can settle ends it.
port.once('message', (start: WorkerStart) => {
  // Events are posted immediately, so they leave the thread even during a synchronous loop.
  void perform(start, (event) => port.postMessage(event));
});
