import { CodedError } from '../loss/providers/thrown';

/**
 * Makes the calls that would end the process throw. The run then ends with a message and the line of the
 * call. Must be called before any of the user's code is loaded.
 */
export function forbidEndingTheProcess(target: NodeJS.Process): void {
  // These are saved before the user's code can replace them.
  const { apply } = Reflect;
  const { reallyExit } = target as NodeJS.Process & { readonly reallyExit: (code?: number) => never };
  for (const name of ['exit', 'reallyExit', 'kill', 'abort', '_kill', '_debugProcess'] as const) {
    Object.defineProperty(target, name, {
      value: (code?: number) => {
        // Node calls `process.exit` after an error that nobody handles. This call must end the thread without
        // a message.
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
