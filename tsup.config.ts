import { defineConfig, type Options } from 'tsup';
import manifest from './package.json' with { type: 'json' };

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/**
 * Loads Node's own modules by require(). An import statement reads every export of theirs, the lazy ones
 * too: `node:fs` alone brings streams, promises and readline along, 6 ms of every start (Node 20, profiled).
 */
const requireBuiltins: Plugin = {
  name: 'require-builtins',
  setup(build) {
    // commander wants it for subcommands that are programs of their own; remo has none.
    build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'commander', namespace: 'nothing' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
    // One for each importer: one for all would be shared by many chunks, and so become a file of its own.
    build.onResolve({ filter: /^node:/ }, ({ path, kind, importer }) =>
      kind === 'import-statement'
        ? { path, namespace: 'builtin', suffix: `?${importer}` }
        : { path, external: true },
    );
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

// Every dependency but keytar (a native addon) is bundled, so an installation is two packages.
// `keepNames`: oidc-provider finds its models by class name.
export default defineConfig({
  entry: { main: 'src/main.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  splitting: true,
  minify: true,
  keepNames: true,
  clean: true,
  silent: true,
  metafile: true,
  removeNodeProtocol: false,
  noExternal: [/^(?!keytar$).*/],
  external: ['keytar'],
  define: { __VERSION__: JSON.stringify(manifest.version) },
  esbuildPlugins: [requireBuiltins],
  esbuildOptions(options) {
    options.chunkNames = 'chunks/[name]-[hash]';
  },
  // What is CommonJS in the bundle calls require() for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
