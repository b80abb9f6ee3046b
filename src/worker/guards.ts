import { CodedError } from '../loss/providers/thrown';

/**
 * Makes the calls that would end the process throw, so that they end the run with a line instead. To be called before
 * any of the user's code is loaded.
 */
export function forbidEndingTheProcess(target: NodeJS.Process): void {
  for (const name of ['exit', 'reallyExit', 'kill', 'abort', '_kill', '_debugProcess'] as const) {
    Object.defineProperty(target, name, {
      value: () => {
        throw new CodedError(
          'forbidden-call',
          `the loss called process.${name}; a loss must not end its process`,
        );
      },
      writable: false,
      configurable: false,
    });
  }
}
