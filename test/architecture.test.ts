import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .map(file => `src/${file.replaceAll('\\', '/')}`);
const sources = new Map(files.map(file => [file, readFileSync(path.join(root, file), 'utf8')]));

/** The project's own modules that a module imports, types left out: they bind nothing at run time. */
function imports(file: string): string[] {
  const source = sources.get(file) ?? '';
  const found = [
    ...source.matchAll(/^(?:import|export) (?!type\b)[^;]*?from '(\.[^']+)'/gm),
    ...source.matchAll(/\bimport\('(\.[^']+)'\)/g),
    ...source.matchAll(/^import '(\.[^']+)'/gm),
  ];
  return found.map(([, target = '']) =>
    path.posix.normalize(path.posix.join(path.posix.dirname(file), target)).replace(/\.js$/, '.ts'),
  );
}

/** What each part may import beside itself: the arrows of the house, all pointing down. */
const base = [
  'src/errors.ts',
  'src/clock.ts',
  'src/environment.ts',
  'src/files.ts',
  'src/lock.ts',
  'src/values.ts',
];
const allowed: Record<string, readonly string[]> = {
  'src/messages/': ['src/errors.ts'],
  'src/api/': [...base, 'src/config.ts'],
  // Talking to the authorization server is HTTP too: attempts, repetition, failures and time limits are one.
  'src/auth/': [
    ...base,
    'src/config.ts',
    'src/api/attempt.ts',
    'src/api/failure.ts',
    'src/api/retry.ts',
    'src/api/time-limit.ts',
  ],
  // It looks at each part by itself; what it finds is shown by its command.
  'src/doctor/': [...base, 'src/api/', 'src/auth/', 'src/terminal/columns.ts'],
  // Where JSON is broken is told in one way.
  'src/reboot/': [...base, 'src/config/problem.ts'],
  'src/sandbox/': ['src/api/schemas.ts'],
  'src/terminal/': base,
  'src/commands/': [
    ...base,
    'src/config.ts',
    'src/nearest.ts',
    'src/doctor/',
    'src/reboot/',
    'src/terminal/',
  ],
};
/** The two commands that are about the sandbox, and the demo that plays a whole process. */
const exceptions: Record<string, readonly string[]> = {
  'src/commands/sandbox.ts': ['src/sandbox/server.ts'],
  'src/commands/demo.ts': ['src/sandbox/server.ts', 'src/context.ts', 'src/auth/credential-store/memory.ts'],
  'src/commands/auth/keep.ts': ['src/auth/'],
  'src/commands/auth/login.ts': ['src/auth/'],
  'src/commands/auth/logout.ts': ['src/auth/'],
  'src/commands/auth/with-token.ts': ['src/auth/'],
};

describe('the house', () => {
  it.each(Object.keys(allowed))('%s imports nothing from above', part => {
    const wrong = files
      .filter(file => file.startsWith(part))
      .flatMap(file =>
        imports(file)
          .filter(
            target =>
              ![part, ...(allowed[part] ?? []), ...(exceptions[file] ?? [])].some(may =>
                target.startsWith(may),
              ),
          )
          .map(target => `${file} -> ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it('reads the process in main.ts alone', () => {
    const readers = files.filter(file =>
      /\bprocess\.(?!getBuiltin)/.test((sources.get(file) ?? '').replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '')),
    );
    expect(readers).toEqual(['src/main.ts']);
  });

  it('treats the sandbox as just another backend: nobody below the commands asks for it', () => {
    const askers = files.filter(
      file =>
        !/^src\/(sandbox|commands|messages)\//.test(file) &&
        /sandbox/i.test((sources.get(file) ?? '').replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '')),
    );
    expect(askers).toEqual([]);
  });

  it('has every import resolved to a file', () => {
    expect(imports('src/main.ts')).toContain('src/cli.ts');
    const missing = files.flatMap(file =>
      imports(file)
        .filter(target => !sources.has(target))
        .map(target => `${file} -> ${target}`),
    );
    expect(missing).toEqual([]);
  });
});
