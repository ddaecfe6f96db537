import type { Messages } from '../en.js';

export const sandbox: Messages['sandbox'] = {
  listening: apiUrl => `練習用のサーバー(サンドボックス)を ${apiUrl} で起動しました。Ctrl-C で終了します。`,
  tryNext: apiUrl =>
    ['別のターミナルで試してください:', `  remo login --api-url ${apiUrl}`, '  remo customers list'].join(
      '\n',
    ),
  stopped: '練習用のサーバー(サンドボックス)を終了しました。',
};
