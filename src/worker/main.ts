import { type MessagePort, workerData } from 'node:worker_threads';
import type { WorkerStart } from '../protocol/worker';
import { forbidEndingTheProcess } from './guards';
import { perform } from './session';

// Deep recursion of the user's must still show a frame of the user's.
Error.stackTraceLimit = 50;
forbidEndingTheProcess(process);
const { start, port } = workerData as { start: WorkerStart; port: MessagePort };
// Events are posted whole and at once: they leave the thread even while a synchronous loop goes on.
void perform(start, (event) => port.postMessage(event));
