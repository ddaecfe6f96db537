#!/usr/bin/env node
// CommonJS, by the package.json beside it: a script that only asks for the version, as many do at their
// start, is answered without starting Node's ESM loader.
const { argv, stdout, stderr } = process;
if (argv.length === 3 && (argv[2] === '--version' || argv[2] === '-V')) {
  stdout.once('error', ({ code, message }) => {
    // A reader that has gone is no error.
    if (code === 'EPIPE') return;
    stderr.write(`${message}\n`);
    process.exitCode = 1;
  });
  stdout.write(`${require('../package.json').version}\n`);
} else {
  // Node 22.1 and later keep compiled code between runs; older ones lack the function.
  require('node:module').enableCompileCache?.();
  import('../dist/main.js');
}
