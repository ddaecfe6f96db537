// A program of nothing but prompts, bundled and run in a real terminal by real-terminal.test.ts.
import { Context } from '../../src/context.js';
import { RemoError } from '../../src/errors.js';
import type { Column } from '../../src/terminal/columns.js';
import { browse } from '../../src/terminal/pager.js';
import { spinner } from '../../src/terminal/progress.js';
import { ask, askSecret, choose, confirm } from '../../src/terminal/prompts.js';

const context = new Context({
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  platform: process.platform,
  arch: process.arch,
  nodeVersion: process.version,
  home: '/nonexistent',
  age: () => 0,
  inBackground: async () => {},
  endWithin() {},
  expectMuch() {},
  onSignal: () => () => {},
  onContinue(callback) {
    process.on('SIGCONT', callback);
    return () => process.off('SIGCONT', callback);
  },
});
process.on('SIGINT', () => context.interrupt('SIGINT'));
await context.speak();

interface Row {
  id: string;
  name: string;
}
const columns: Column<Row>[] = [
  { name: 'id', header: () => 'ID', value: row => row.id, priority: 1 },
  { name: 'name', header: () => '名前', value: row => row.name, priority: 1 },
];

/** Thirteen rows, five a page. */
function pages(shown: Column<Row>[]) {
  const rows = Array.from({ length: 13 }, (_, index) => ({
    id: `c_${index + 1}`,
    name: index % 2 ? '横浜支店' : 'Osaka',
  }));
  return browse<Row>(context, {
    perPage: 5,
    columns: shown,
    fetch: async page => ({
      items: rows.slice((page - 1) * 5, page * 5),
      page,
      per_page: 5,
      total: rows.length,
    }),
  });
}

const programs: Record<string, () => Promise<unknown>> = {
  confirm: () => confirm(context, 'カメラ「玄関」を再起動しますか。', '--yes'),
  choose: () =>
    choose(
      context,
      'Which?',
      ['Sato', '横浜'.repeat(100), 'Ito'].map(label => ({ value: label.slice(0, 2), label })),
      '<customer>',
    ),
  ask: () =>
    ask(context, '台数を入力してください:', '--count', text => (text === '12' ? undefined : 'Type 12.')),
  secret: async () => (await askSecret(context, 'Token?', '--with-token')).length,
  browse: () => pages(columns),
  wide: () =>
    pages([
      ...columns,
      { name: 'note', header: () => 'NOTE', value: () => 'a note of some length', priority: 2 },
    ]),
  spinner: async () => {
    const turning = await spinner(context, '再起動の完了を待っています'.repeat(10));
    await context.clock.sleep(60_000, context.signal).finally(() => turning.stop());
  },
};

try {
  const answer = await programs[process.argv[2] ?? '']?.();
  context.io.err(`answer ${JSON.stringify(answer)}`);
} catch (error) {
  context.io.err(`threw ${error instanceof RemoError ? error.code : error}`);
  process.exitCode = error instanceof RemoError ? error.exitCode : 1;
}
