import { rmSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { encodeFrame, FrameReader } from '../protocol/frames';
import type { HostMessage, ProcessMessage } from '../protocol/jobProcess';
import { JobThread } from './jobThread';
import { endMarked, endOwnGroup, markerVariable } from './processFamily';
import { type HostPipe, RunningJob } from './runningJob';

const threadFile = path.join(__dirname, 'worker.js');
let thread = new JobThread(threadFile, Number(process.argv[2]));
let job: RunningJob | undefined;
let directory: string | undefined;

const socket = new Socket({ fd: 3, readable: true, writable: true });
const pipe: HostPipe = {
  send: (message) => void socket.write(frameOf(message)),
  get isFull() {
    return socket.writableNeedDrain;
  },
  get waitingBytes() {
    return socket.writableLength;
  },
};
const frames = new FrameReader();
socket.on('data', (chunk: Buffer) => frames.push(chunk, (message) => onMessage(message as HostMessage)));
socket.on('drain', () => job?.onDrain());
socket.on('error', (error: NodeJS.ErrnoException) => {
  // The user's code closed the file descriptor. The host still exists, and sees this exit code instead of a
  // signal.
  if (error.code === 'EBADF') process.exit(1);
  cleanUpAndExit();
});
socket.on('close', cleanUpAndExit);
process.on('uncaughtException', (error) =>
  pipe.send({ type: 'ended', reason: 'crashed', detail: error.message }),
);

function onMessage(message: HostMessage): void {
  if (message.type === 'rehearse') {
    thread.rehearse(message.directory);
    return;
  }
  if (message.type !== 'start') {
    job?.onCommand(message);
    return;
  }
  const { request, cache } = message;
  directory = message.directory;
  if (thread.memoryLimitMb !== request.limits.memoryLimitMb) {
    thread.discard();
    thread = new JobThread(threadFile, request.limits.memoryLimitMb);
  }
  job = new RunningJob(request, { directory, cache }, thread, pipe);
}

function frameOf(message: ProcessMessage): Uint8Array {
  try {
    return encodeFrame(message);
  } catch (error) {
    return encodeFrame({ type: 'ended', reason: 'crashed', detail: (error as Error).message });
  }
}

/** Cleans up and ends this process when the host is gone, because nobody else will do so. */
function cleanUpAndExit(): void {
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  const marker = process.env[markerVariable];
  if (marker) endMarked(marker);
  endOwnGroup();
}
