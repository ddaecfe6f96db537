import { defineConfig } from 'vitest/config';

/** Runs the programs that leak: secrets.test.ts expects them to fail. */
export default defineConfig({
  test: { include: ['test/network/leak.ts'], setupFiles: ['test/support/guard.ts'], reporters: ['default'] },
});
