import { parentPort, workerData } from 'node:worker_threads';
import { forbidEndingTheProcess } from './guards';
import { perform } from './session';

// Deep recursion of the user's must still show a frame of the user's.
Error.stackTraceLimit = 50;
forbidEndingTheProcess(process);
// Events are posted whole and at once: they leave the thread even while a synchronous loop goes on.
void perform(workerData, (event) => parentPort?.postMessage(event));
