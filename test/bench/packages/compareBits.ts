// node dist/test/bench/packages/compareBits.js <folder> <package> [<function that is not called>...]: compares
// one package. Prints the name of each function before its calls; the last line is the result as JSON.
import './fixedGlobals';
import { comparePackage } from './bits';

const [folder, name, ...skipped] = process.argv.slice(2);
const print = console.log.bind(console);
for (const method of ['log', 'warn', 'error', 'info', 'debug', 'trace'] as const) console[method] = () => {};
// Random arguments make promises that are rejected.
process.on('unhandledRejection', () => {});
process.on('uncaughtException', () => {});
void comparePackage(folder!, name!, 1, new Set(skipped), print).then((comparison) => {
  print(JSON.stringify(comparison));
  process.exit();
});
