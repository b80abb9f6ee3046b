import { CodedError } from '../loss/providers/thrown';

/**
 * Makes the calls that would end the process throw, so that they end the run with a line instead. To be called before
 * any of the user's code is loaded.
 */
export function forbidEndingTheProcess(target: NodeJS.Process): void {
  // Taken before the user's code can put functions of its own in their places.
  const { apply } = Reflect;
  const { reallyExit } = target as NodeJS.Process & { readonly reallyExit: (code?: number) => never };
  for (const name of ['exit', 'reallyExit', 'kill', 'abort', '_kill', '_debugProcess'] as const) {
    Object.defineProperty(target, name, {
      value: (code?: number) => {
        // Node's own last step with an error that nobody handles: it ends the thread, and says nothing then.
        if (name === 'exit' && isCalledByNode()) return apply(reallyExit, target, [code]);
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

function isCalledByNode(): boolean {
  const [, , , caller = ''] = String(new Error('caller').stack).split('\n');
  return caller.includes('(node:internal/main/');
}
