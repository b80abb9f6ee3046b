/**
 * A failure that is told to the user as one sentence, without a stack: something on their machine to put right.
 * Anything else that is thrown is a defect of these scripts and keeps its stack.
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
