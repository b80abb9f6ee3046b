/**
 * A failure that the user can correct on their machine. It is reported as one sentence, without a stack. Any
 * other thrown value is a defect of these scripts and is reported with its stack.
 */
export class Problem extends Error {}

/** Runs a script's main function; the exit code is 1 after a Problem or a defect. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    console.error(error instanceof Problem ? `adamscope: ${error.message}` : error);
    process.exitCode = 1;
  }
}
