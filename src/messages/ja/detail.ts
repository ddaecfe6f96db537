/** OSのエラーコード(errno)の意味。 */
const meanings: Record<string, string> = {
  EACCES: 'アクセスする権限がありません',
  EADDRINUSE: 'すでに使用されています',
  EADDRNOTAVAIL: 'このコンピューターのアドレスではありません',
  EBUSY: '使用中です',
  EDQUOT: '使用できる容量の上限に達しています',
  EEXIST: 'すでに存在します',
  EFBIG: 'ファイルが大きすぎます',
  EINVAL: '指定が正しくありません',
  EIO: '読み書き中にエラーが発生しました',
  EISDIR: 'ファイルではなくフォルダーです',
  ELOOP: 'シンボリックリンクが循環しています',
  EMFILE: '開いているファイルが多すぎます',
  ENAMETOOLONG: '名前が長すぎます',
  ENFILE: '開いているファイルが多すぎます',
  ENOENT: 'ファイルまたはフォルダーがありません',
  ENOSPC: '空き容量がありません',
  ENOTDIR: '途中の名前がフォルダーではありません',
  ENOTEMPTY: 'フォルダーが空ではありません',
  EPERM: '操作が許可されていません',
  EROFS: '書き込みできない場所です',
  ERR_FS_FILE_TOO_LARGE: 'ファイルが大きすぎます',
  ETXTBSY: '使用中です',
};

/** OSやライブラリーが英語で伝えた原因。分かるものは日本語とコードで示し、それ以外は原文を詳細とします。 */
export function cause(detail: string): string {
  const [code = ''] = /^[A-Z][A-Z\d_]+/.exec(detail) ?? [];
  const meaning = meanings[code];
  return meaning === undefined ? `詳細: ${detail}` : `${meaning}(${code})`;
}

/** 文の後に添える詳細。コードのみの場合は、そのまま括弧に入れます。 */
export function aside(detail: string | undefined): string {
  if (!detail) return '';
  return /\s/.test(detail) ? `(詳細: ${detail})` : `(${detail})`;
}
