import { afterEach } from 'vitest';
import { checkOutputs } from './secrets.js';

// Runs in front of every test file: see secrets.ts.
afterEach(checkOutputs);
