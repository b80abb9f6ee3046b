import { spawn } from 'node:child_process';

/** Enough to see why a command failed, and a limit on the memory for long output. */
const KEPT_OUTPUT = 400_000;

/** Kills a process that was started with `detached`, and all its descendants. */
export function killGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    // Windows has no process groups, but its console ends the children together with the parent.
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * Runs a command to its end and keeps its output. Never rejects if the command fails.
 *
 * @param options.limitMs  the command and its children are killed after this time
 * @param options.leaveChildren  processes that the command started may continue after its end
 * @returns {Promise<{ code: number | null, output: string, stdout: string, timedOut: boolean }>} code null:
 * not started or killed
 */
export function run(command, args, { cwd, env, limitMs, shell = false, leaveChildren = false } = {}) {
  return new Promise((resolve) => {
    const posix = process.platform !== 'win32';
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      shell,
      detached: posix,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let stdout = '';
    let timedOut = false;
    const keep = (text) => {
      output = (output + text).slice(-KEPT_OUTPUT);
    };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      keep(text);
      stdout = (stdout + text).slice(-KEPT_OUTPUT);
    });
    child.stderr.setEncoding('utf8').on('data', keep);

    // A detached command does not receive Ctrl-C from the terminal, so it is passed on.
    const stop = () => killGroup(child, 'SIGKILL');
    const stopAndExit = (_signal, number) => {
      stop();
      process.exit(128 + number);
    };
    process.on('exit', stop);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stopAndExit);
    const timer =
      limitMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            stop();
          }, limitMs);

    const settle = (code) => {
      clearTimeout(timer);
      process.off('exit', stop);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stopAndExit);
      // Remaining children may hold these pipes open, which would prevent this process from ending.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code, output, stdout, timedOut });
    };
    child.on('error', (error) => {
      keep(`${error.message}\n`);
      settle(null);
    });
    child.on('exit', () => {
      // Remaining children would hold the pipes open, and the event 'close' would not occur.
      if (!leaveChildren) stop();
    });
    // 'close' instead of 'exit', because all output has then arrived.
    child.on(leaveChildren ? 'exit' : 'close', settle);
  });
}

/** How to call npm: through the npm that runs this script, if there is one, else by name. */
export function npmCommand(args) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('npm-cli.js')) return { command: process.execPath, args: [cli, ...args], shell: false };
  return { command: 'npm', args, shell: process.platform === 'win32' };
}
