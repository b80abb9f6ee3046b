// node leash.mjs <folder> <command> <argument>...
// Runs a command for as long as this process's standard input stays open. The input is a pipe from the process that
// wants the command: when that process ends, even by SIGKILL, the pipe closes, nothing is left running, and the folder
// of temporary files is deleted.
// Start it with `detached`: it ends its whole process group.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const GRACE_MS = 3_000;

const [folder, command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });

function signalGroup(signal) {
  try {
    process.kill(-process.pid, signal);
  } catch {
    // Not the leader of a group: the command itself is all that can be reached.
    child.kill(signal);
  }
}

let ending = false;
function end() {
  if (ending) return;
  ending = true;
  signalGroup('SIGTERM');
  setTimeout(finish, GRACE_MS);
}

/** The last act: the group includes this process. */
function finish() {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } finally {
    signalGroup('SIGKILL');
  }
}

// The group's own SIGTERM comes back here.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, end);
process.stdin.on('end', end).on('close', end).on('error', end).resume();

child.on('error', (error) => {
  console.error(error.message);
  finish();
});
child.on('exit', () => {
  // Extension hosts and terminals of the server may live on for a moment: they are asked to end, too.
  end();
  setTimeout(finish, 300);
});
