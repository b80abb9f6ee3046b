// node leash.mjs <command> <argument>...
// Runs a command for as long as this process's standard input stays open. The input is a pipe from the process that
// wants the command: when that process ends, even by SIGKILL, the pipe closes and nothing is left running.
// Start it with `detached`: it ends its whole process group.
import { spawn } from 'node:child_process';

const GRACE_MS = 3_000;

const [command, ...args] = process.argv.slice(2);
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
  setTimeout(() => signalGroup('SIGKILL'), GRACE_MS);
}

// The group's own SIGTERM comes back here.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, end);
process.stdin.on('end', end).on('close', end).on('error', end).resume();

let code = 1;
child.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on('exit', (exitCode) => {
  code = exitCode ?? 1;
  // Extension hosts and terminals of the server may live on for a moment: they get the same treatment.
  end();
  setTimeout(() => {
    process.exitCode = code;
    signalGroup('SIGKILL');
  }, 300);
});
