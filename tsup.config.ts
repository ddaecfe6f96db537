import { defineConfig } from 'tsup';
import manifest from './package.json' with { type: 'json' };

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
  treeshake: false,
  clean: true,
  metafile: true,
  noExternal: [/^(?!keytar$).*/],
  external: ['keytar'],
  define: { __VERSION__: JSON.stringify(manifest.version) },
  esbuildOptions(options) {
    options.chunkNames = 'chunks/[name]-[hash]';
  },
  // Bundled CommonJS packages call require() for Node's own modules.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
});
