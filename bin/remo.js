#!/usr/bin/env node
import module from 'node:module';

// Node 22.1 and later keep compiled code between runs; older ones lack the function.
module.enableCompileCache?.();
await import('../dist/main.js');
