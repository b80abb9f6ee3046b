import { syncBuiltinESMExports } from 'node:module';
import threads, { type MessagePort } from 'node:worker_threads';
import type { ThreadMessage, ThreadRequest } from '../protocol/worker';
import { forbidEndingTheProcess } from './guards';
import { type Rehearsal, rehearse } from './rehearsal';
import { perform } from './session';

// More frames than Node's default of 10, so that the stack of an error in deep calls still shows a frame of
// the user's code.
Error.stackTraceLimit = 50;
forbidEndingTheProcess(process);
const { port } = threads.workerData as { port: MessagePort };
// The user's code must not have access to the port, or to the shared control memory that is received over it.
Object.assign(threads, { workerData: null, parentPort: null });
syncBuiltinESMExports();
let rehearsal: Rehearsal | null = null;
port.on('message', async function onRequest(request: ThreadRequest) {
  if (request.type === 'rehearse') {
    rehearsal = rehearse(request.directory);
    return;
  }
  // Without a listener the port does not keep the thread alive. If the loss then waits for a promise that can never settle,
  // the thread ends, and the process reports this.
  port.off('message', onRequest);
  rehearsal?.stop();
  await rehearsal?.ended;
  // Events are posted immediately, so they leave the thread even during a synchronous loop.
  void perform(request.start, (event) => port.postMessage(event, transferred(event)));
});

/** The memory that leaves this thread with a message, because it is large and this thread reads it no more. */
function transferred(event: ThreadMessage): ArrayBuffer[] {
  return event.type === 'keyframe' ? [event.keyframe.values.buffer] : [];
}
