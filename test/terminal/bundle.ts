import path from 'node:path';
import { build } from 'tsup';

/** Bundles a program of the tests, `<name>.ts` in this folder, so that Node can run `<name>.mjs` in another. */
export async function bundle(name: string, folder: string): Promise<void> {
  await build({
    config: false,
    silent: true,
    entry: { [name]: path.join(import.meta.dirname, `${name}.ts`) },
    outDir: folder,
    outExtension: () => ({ js: '.mjs' }),
    format: 'esm',
    splitting: false,
    noExternal: [/.*/],
    define: { __VERSION__: '"0"' },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    esbuildOptions(options) {
      // What is shown needs neither; what it needs not, it must not break on.
      options.external = ['./api/*', './auth/*'];
    },
  });
}
