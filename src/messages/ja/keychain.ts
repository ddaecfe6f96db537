import type { ErrorParams, KeychainTrouble } from '../../errors.js';
import type { ErrorText } from '../error-text.js';
import { aside } from './detail.js';

type Params = ErrorParams['keychain_unavailable'];

/** キーチェーンの問題と対処方法。OSによって異なるものはOSごと。 */
const troubles: Record<
  KeychainTrouble,
  Record<'linux' | 'darwin' | 'win32', [what: string, next: string]>
> = {
  library: everywhere(
    'キーチェーンの利用に必要な libsecret がインストールされていません',
    'インストールしてください: sudo apt install libsecret-1-0(Debian、Ubuntu)、sudo dnf install libsecret(Fedora、RHEL)、sudo pacman -S libsecret(Arch)',
  ),
  module: everywhere(
    'キーチェーンのモジュール(keytar)を読み込めません。モジュールがないか、このシステムに対応していません',
    '使用している Node.js で remo をインストールし直してください。',
  ),
  no_bus: everywhere(
    'キーチェーンのサービスに接続できません。D-Busのセッションがありません(SSH接続、コンテナー、CIでは通常ありません)',
    'キーチェーンを使えるセッションを開始してください: dbus-run-session -- bash を実行し、続けて gnome-keyring-daemon --unlock を実行します(パスワードは標準入力から読み込まれます)。',
  ),
  no_service: everywhere(
    'キーチェーンのサービスに接続できません。D-BusにSecret Serviceがありません',
    'gnome-keyring を導入するか、KWallet のSecret Serviceを有効にして、起動してください。',
  ),
  locked: {
    linux: [
      'キーチェーンがロックされています',
      'ロックを解除して再度実行してください(デスクトップでは「パスワードと鍵」、デスクトップがない場合は gnome-keyring-daemon --replace --unlock。パスワードは標準入力から読み込まれます)。',
    ],
    darwin: [
      'キーチェーンがロックされています',
      'ロックを解除して(security unlock-keychain)再度実行してください。SSH接続では、macOSはパスワードの入力を求められません。',
    ],
    win32: [
      'Windowsの資格情報マネージャーがロックされています',
      'Windowsにログインし直して、再度実行してください。',
    ],
  },
  dismissed: {
    linux: [
      'パスワードの入力が取り消されたため、キーチェーンのロックを解除できませんでした',
      '再度実行し、キーチェーンのパスワード(通常はログインパスワード)を入力してください。',
    ],
    darwin: [
      'ダイアログが閉じられたため、キーチェーンの利用が許可されませんでした',
      '再度実行し、「常に許可」を選択してください。',
    ],
    win32: ['Windowsの資格情報マネージャーの利用が許可されませんでした', '再度実行してください。'],
  },
  timeout: {
    linux: [
      'キーチェーンが応答しません',
      'パスワードの入力を求めるウィンドウがないか確認してください。ない場合は、キーチェーンを起動し直すか(gnome-keyring-daemon --replace)、デスクトップにログインし直してください。',
    ],
    darwin: [
      'キーチェーンが応答しません',
      'パスワードの入力を求めるウィンドウがないか確認するか、先にロックを解除してください: security unlock-keychain',
    ],
    win32: [
      'Windowsの資格情報マネージャーが応答しません',
      'Windowsにログインし直して、再度実行してください。',
    ],
  },
  forgetful: everywhere(
    'キーチェーンに試しに書き込んだ内容を読み出せませんでした',
    'キーチェーンの設定を確認して、再度実行してください。',
  ),
  other: {
    linux: [
      'キーチェーンでエラーが発生しました',
      'キーチェーンのログ(journalctl --user)を確認して、再度実行してください。',
    ],
    darwin: [
      'キーチェーンでエラーが発生しました',
      '「キーチェーンアクセス」で確認して、再度実行してください。',
    ],
    win32: [
      'Windowsの資格情報マネージャーでエラーが発生しました',
      'コントロールパネルで確認して、再度実行してください。',
    ],
  },
};

function everywhere(what: string, next: string) {
  const text: [string, string] = [what, next];
  return { linux: text, darwin: text, win32: text };
}

/** このOSで使えないキーチェーンについての文。 */
export function keychainText({ trouble, detail, platform }: Params): ErrorText {
  const system = platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  const [what, next] = troubles[trouble][system];
  return {
    what: `${what}${aside(detail)}。`,
    next: `${next}\n本人だけが読めるファイルに保存する場合は、明示的に指定してください: remo login --credential-store file(または環境変数 REMO_CREDENTIAL_STORE=file)`,
  };
}
