import type { Messages } from '../en.js';

export const sandbox: Messages['sandbox'] = {
  listening: apiUrl => `サンドボックスを ${apiUrl} で起動しました。Ctrl-C で終了します。`,
  tryNext: apiUrl =>
    ['別のターミナルで試してください:', `  remo login --api-url ${apiUrl}`, '  remo customers list'].join(
      '\n',
    ),
  stopped: 'サンドボックスを終了しました。',
};
