// node leash.mjs <folder> <command> <argument>...
// Runs a command while this process's standard input is open. The input is a pipe from the process that needs the
// command. When that process ends, even by SIGKILL, the pipe closes. The command is then ended, and the folder of
// temporary files is deleted.
// Start this script with `detached`, because it ends its whole process group.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const GRACE_MS = 3_000;

const [folder, command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });

function signalGroup(signal) {
  try {
    process.kill(-process.pid, signal);
  } catch {
    // This process does not lead a group, so only the command itself can be signalled.
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

/** The last action, because the group includes this process. */
function finish() {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } finally {
    signalGroup('SIGKILL');
  }
}

// The SIGTERM that is sent to the group also arrives here.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, end);
process.stdin.on('end', end).on('close', end).on('error', end).resume();

child.on('error', (error) => {
  console.error(error.message);
  finish();
});
child.on('exit', () => {
  // Extension hosts and terminals of the server may still be running for a moment, so they are signalled too.
  end();
  setTimeout(finish, 300);
});
