import type { Messages } from '../en.js';

/** 各コマンドの使用例(`remo sandbox` を起動すれば、そのまま実行できるもの)と終了コードの説明。 */
export const lessons: Messages['lessons'] = {
  '': {
    examples: [
      { does: 'アカウントなしで、主な作業の流れを見る', line: 'remo demo' },
      { does: 'お客様を探す', line: 'remo customers list --email sakura' },
      { does: 'そのお客様の機器を確認する', line: 'remo devices show sakura@example.jp' },
      { does: '機器を再起動し、復帰するまで待つ', line: 'remo devices reboot dev_4f2cr961dj --wait' },
    ],
  },
  login: {
    examples: [
      {
        does: 'remo sandbox で起動した接続先にログインする(URLはプロファイルに保存)',
        line: 'remo login --api-url http://127.0.0.1:4010/partner/v1',
      },
      { does: 'SSH接続時など、ブラウザーがないときにコードでログインする', line: 'remo login --device' },
      { does: '取得済みのトークンを保存する', line: 'remo login --with-token < token.txt' },
      {
        does: '閲覧の権限だけを要求する(再起動は不可)',
        line: 'remo login --scopes "openid offline_access remo.read"',
      },
    ],
    exitCodes: {
      2: '接続先のURLがありません。何も送信していません',
      4: 'ログインが拒否されたか、コードの期限が切れたか、キーチェーンを使用できません',
    },
  },
  logout: {
    examples: [
      { does: '使用中のプロファイルからログアウトする', line: 'remo logout' },
      { does: 'コンピューターを手放す前に、すべてログアウトする', line: 'remo logout --all' },
    ],
  },
  whoami: {
    examples: [
      { does: 'ログインの状態を確認する', line: 'remo whoami' },
      { does: 'スクリプトで1項目だけを取り出す', line: 'remo whoami -o json | jq -r .partner_code' },
    ],
  },
  customers: {
    examples: [
      { does: 'メールアドレスに sakura を含むお客様を探す', line: 'remo customers list --email sakura' },
    ],
  },
  'customers list': {
    examples: [
      { does: 'ターミナルでは1ページずつ、パイプではすべて表示する', line: 'remo customers list' },
      { does: 'メールアドレスに sakura を含むお客様を探す', line: 'remo customers list --email sakura' },
      { does: 'ページャーで表示する(検索、スクロール)', line: 'remo customers list --pager' },
      {
        does: 'スクリプトで、メールアドレスだけを取り出す',
        line: 'remo customers list -o ndjson | jq -r .email',
      },
      {
        does: '機器の多い順に、メールアドレスと機器数を表示する',
        line: 'remo customers list --columns email,device_count --sort -device_count',
      },
    ],
  },
  devices: {
    examples: [
      { does: 'お客様の機器を確認する', line: 'remo devices show sakura@example.jp' },
      { does: '1台を再起動し、復帰するまで待つ', line: 'remo devices reboot dev_4f2cr961dj --wait' },
    ],
  },
  'devices show': {
    examples: [
      { does: 'このメールアドレスのお客様', line: 'remo devices show sakura@example.jp' },
      { does: 'お客様IDで指定する', line: 'remo devices show cus_m0gzy8kqdz' },
      { does: 'すべての項目をJSONで出力する', line: 'remo devices show sakura@example.jp -o json' },
      {
        does: 'Excelで開けるCSVで保存する',
        line: 'remo devices show sakura@example.jp --excel > devices.csv',
      },
    ],
    exitCodes: {
      5: '該当するお客様がいないか、指定した文字列で1件に絞れません',
    },
  },
  'devices status': {
    examples: [
      { does: '1台の状態を確認する', line: 'remo devices status dev_4f2cr961dj' },
      {
        does: '複数台の状態をCSVで出力する',
        line: 'remo devices status dev_4f2cr961dj dev_zaqv38vss7 -o csv',
      },
    ],
    exitCodes: {
      5: '該当する機器がありません',
    },
  },
  'devices reboot': {
    examples: [
      { does: '1台を再起動する(実行前に確認)', line: 'remo devices reboot dev_4f2cr961dj' },
      {
        does: '理由を記録し、復帰するまで待つ',
        line: 'remo devices reboot dev_4f2cr961dj --wait --reason "映像停止"',
      },
      {
        does: 'スクリプトから実行する(確認なし、JSON出力)',
        line: 'remo devices reboot dev_4f2cr961dj --yes --wait=10m -o json',
      },
      {
        does: 'お客様の全カメラについて、実行内容だけを確認する(送信なし)',
        line: 'remo devices reboot --customer sakura@example.jp --kind camera --dry-run',
      },
      {
        does: 'ほかのコマンドの出力(ここではオンラインの機器)を対象にする',
        line: `remo devices show sakura@example.jp -o ndjson |
  jq -c 'select(.status == "online")' |
  remo devices reboot --file - --yes`,
      },
      {
        does: '一覧の機器を夜間に再起動する(ちょうど3台の場合だけ)',
        line: 'remo devices reboot --file ids.txt --confirm 3 \\\n  --window 01:00-05:00 --tz Asia/Tokyo',
      },
    ],
    exitCodes: {
      0: 'すべて再起動しました(--no-wait、または1台で --wait なしの場合は、すべて指示しました)',
      3: '再起動しなかった機器があります',
      5: '該当する機器がありません。何も送信していません',
      7: '取り消されたか、確認を求められなかったか、確認した台数と違いました',
      8: '結果が不明な機器があります。もう一度再起動する前に確認してください',
    },
  },
  batches: {
    examples: [
      { does: '実行の一覧を新しい順に確認する', line: 'remo batches list' },
      { does: '途中で止まった実行を再開する(RUN は一覧の実行ID)', line: 'remo batches resume RUN' },
    ],
  },
  'batches list': {
    examples: [
      { does: 'すべての実行', line: 'remo batches list' },
      {
        does: '未完了の実行のIDを取り出す',
        line: 'remo batches list -o ndjson | jq -r \'select(.state == "unfinished").batch_id\'',
      },
    ],
  },
  'batches show': {
    examples: [
      { does: '機器ごとの結果を確認する(RUN は remo batches list の実行ID)', line: 'remo batches show RUN' },
      { does: '確認が必要な機器だけを表示する', line: 'remo batches show RUN --outcome failed,unknown' },
    ],
    exitCodes: {
      2: '該当する実行がありません',
    },
  },
  'batches resume': {
    examples: [
      { does: '確認してから再開する(RUN は remo batches list の実行ID)', line: 'remo batches resume RUN' },
      {
        does: 'スクリプトから、失敗の上限を変えて再開する',
        line: 'remo batches resume RUN --yes --max-failures 10',
      },
    ],
    exitCodes: {
      0: '実行のすべての機器が完了しました(すでに完了していた場合を含みます)',
      2: '該当する実行がありません',
      3: '実行のなかに、再起動しなかった機器があります',
      7: '取り消されたか、確認を求められませんでした',
      8: '結果が不明な機器があります。もう一度再起動する前に確認してください',
    },
  },
  'batches close': {
    examples: [
      {
        does: '確認してから終了扱いにする(RUN は remo batches list の実行ID)',
        line: 'remo batches close RUN',
      },
    ],
    exitCodes: {
      2: '該当する実行がありません',
      7: '取り消されたか、確認を求められませんでした',
    },
  },
  history: {
    examples: [
      { does: 'すべて、新しい順', line: 'remo history' },
      { does: '過去7日間の失敗と不明', line: 'remo history --since 7d --outcome failed,unknown' },
      {
        does: 'お客様の機器の、11月の再起動',
        line: 'remo history --customer sakura@example.jp \\\n  --since 2026-11-01 --until 2026-11-30',
      },
      { does: '1台の記録をJSONで出力する', line: 'remo history --device dev_4f2cr961dj -o json' },
    ],
    exitCodes: {
      2: '期間または結果の指定を解釈できません',
    },
  },
  notices: {
    examples: [
      { does: '文面を表示する(RUN は remo batches list の実行ID)', line: 'remo notices RUN' },
      {
        does: '日本語で、メールソフトの下書きとして保存する',
        line: 'remo notices RUN --lang ja --format eml --out drafts',
      },
    ],
    exitCodes: {
      0: '作成しました。または、対象のお客様がいません',
      2: '該当する実行がないか、ファイルがすでに存在します。何も書き込んでいません',
    },
  },
  config: {
    examples: [
      { does: 'すべての設定の値と、その設定元を確認する', line: 'remo config list' },
      { does: '今後は日本語で表示する', line: 'remo config set lang ja' },
    ],
  },
  'config list': {
    examples: [
      { does: '使用中のプロファイルの設定を確認する', line: 'remo config list' },
      { does: '別のプロファイルの設定をJSONで出力する', line: 'remo config list --profile lab -o json' },
    ],
  },
  'config get': {
    examples: [{ does: '値だけを出力する(スクリプト用)', line: 'remo config get api_url' }],
    exitCodes: {
      2: '該当する設定がありません',
    },
  },
  'config set': {
    examples: [
      { does: '今後は日本語で表示する', line: 'remo config set lang ja' },
      {
        does: '練習用の接続先を別のプロファイルに登録する',
        line: 'remo config set api_url http://127.0.0.1:4010/partner/v1 --profile lab',
      },
      {
        does: 'ログイン時に要求する権限を限定する',
        line: 'remo config set scopes "openid offline_access remo.read"',
      },
      {
        does: 'お客様へのご連絡に入れる会社名を登録する',
        line: 'remo config set signature.company "株式会社サンプル"',
      },
    ],
    exitCodes: {
      2: '該当する設定がないか、値が正しくありません。何も保存していません',
    },
  },
  'config unset': {
    examples: [{ does: 'ロケールに従う設定に戻す', line: 'remo config unset lang' }],
  },
  'config profiles': {
    examples: [{ does: '一覧を表示する(* は使用中)', line: 'remo config profiles' }],
  },
  'config use': {
    examples: [{ does: '今後、--profile を付けずに lab を使う', line: 'remo config use lab' }],
    exitCodes: {
      2: '該当するプロファイルがありません',
    },
  },
  doctor: {
    examples: [
      { does: 'すべての項目を順に確認する', line: 'remo doctor' },
      {
        does: 'ログインする前に接続先を確認する',
        line: 'remo doctor --api-url http://127.0.0.1:4010/partner/v1',
      },
      {
        does: '異常のある項目名だけを取り出す',
        line: 'remo doctor -o json | jq -r \'.[] | select(.status == "fail").check\'',
      },
    ],
    exitCodes: {
      0: '必要な項目はすべて正常です(注意がある場合を含みます)',
      2: '最初の異常は、Node.js、設定、プロキシのURLのいずれかです',
      4: '最初の異常は、認証情報の保存先、またはログインです',
      6: '最初の異常は、ネットワーク、または接続先です',
    },
  },
  completion: {
    examples: [
      { does: 'bash: この行を ~/.bashrc に追加する', line: 'eval "$(remo completion bash)"' },
      { does: 'zsh: この行を ~/.zshrc の compinit より後に追加する', line: 'eval "$(remo completion zsh)"' },
      {
        does: 'zsh: または $fpath のフォルダーに一度だけ保存する',
        line: 'remo completion zsh > ~/.zfunc/_remo',
      },
      { does: 'fish: 一度だけ実行する', line: 'remo completion fish > ~/.config/fish/completions/remo.fish' },
      {
        does: 'PowerShell: この行を $PROFILE に追加する',
        line: 'remo completion powershell | Out-String | Invoke-Expression',
      },
    ],
    exitCodes: {
      2: '対応していないシェルです',
    },
  },
  sandbox: {
    examples: [
      { does: 'http://127.0.0.1:4010/partner/v1 で起動する(Ctrl-C で終了)', line: 'remo sandbox' },
      {
        does: 'スクリプト用に、空きポートで起動してURLをファイルに書き込む',
        line: 'remo sandbox --port 0 --ready-file url.txt --auto-approve',
      },
    ],
    exitCodes: {
      0: 'Ctrl-C または TERM で終了しました',
      2: 'ポートが使用中か、使用を許可されていません',
    },
  },
  demo: {
    examples: [{ does: '数秒で終わり、準備は不要です', line: 'remo demo' }],
    exitCodes: {
      0: 'すべての手順が予定どおりに終わりました',
    },
  },
  help: {
    examples: [
      { does: 'コマンドの説明を見る', line: 'remo help devices reboot' },
      { does: '終了コードの一覧を見る', line: 'remo help exit-codes' },
    ],
    exitCodes: {
      2: '該当するコマンドまたはトピックがありません',
    },
  },
};
