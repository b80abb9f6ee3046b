// The debug adapter as a program without arguments, as its test client starts it.
process.argv.push('debug-adapter');
require('../../dist/cli.js');
