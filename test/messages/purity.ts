/** What is the same in both languages, and left out before a text is looked at. */
const sameInBoth: readonly RegExp[] = [
  /https?:\/\/[\w.:/?=&%-]+/g,
  // The reader of a pipe.
  /\|\s+[a-z]+/g,
  // MAC addresses.
  /\b[\dA-F]{2}(?::[\dA-F]{2}){5}\b/g,
  // A command line ends where the sentence goes on.
  /(?:\$ )?\b(?:remo|man|jq|sudo|npm|dbus-run-session|gnome-keyring-daemon|security|journalctl|eval|bash|zsh|fish) [\w\-.:/@=<>"'[\],|~$()+#* ]*/g,
  /(?<![\w-])--?[a-z][\w-]*(?:=[\w.:/%-]+)?/g,
  /<[\w-]+(?:\.{3})?>|\[[\w-]+(?:\.{3})?\]/g,
  /\b[A-Z][A-Z\d]*(?:_[A-Z\d]+)+(?:=[\w./:@%-]+)?/g,
  // Names with a dot, a slash, an underscore or a digit within: files, scopes, fields, codes, addresses, versions.
  /(?:[~/.@]+)?[A-Za-z\d]+(?:[._/@][\w$-]+)+/g,
  /\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]+\b/g,
  // Codes of the system: ENOENT.
  /\bE[A-Z]{3,}\b/g,
  // Operations of the contract: listCustomers.
  /\b[a-z]+(?:[A-Z][a-z]+)+\b/g,
];

/** Names and terms that Japanese writes in Latin letters. */
const names = new Set(
  [
    'i-PRO Remo Node.js Node Windows macOS SSH Fedora RHEL Debian Ubuntu Arch KWallet Excel PowerShell PROFILE fpath',
    'D-Bus Secret Service Credential Access Content-Type OAuth API APIs URL ID IDs IP MAC IANA RFC DNS TLS NTP HTTP',
    'HTML XML BOM CRLF Schema JSON NDJSON CSV TSV UTF CI OK PAGER PATH HOST USER PASSWORD PORT TAB Tab Enter Space Esc Ctrl-C Ctrl-D',
    'ASCII BROWSER TERM HUP nohup TZ LANG RUN gnome-keyring remo-cli Ctrl Asia Tokyo Europe Berlin UTC http https IPv sandbox remo libsecret keytar less SHA localhost Linux DISPLAY LESS FRX SHELL APPDATA LOCALAPPDATA',
  ].flatMap(line => line.split(' ')),
);
/** Values, fields and codes that are typed or read by machines, whatever the language. */
const identifiers = new Set(
  [
    'table json ndjson csv yaml ja en text eml auto plain none keychain file memory default online offline rebooting unknown',
    'camera recorder other accepted rebooted failed skipped id lang output input color quiet debug wide pager timeout',
    'dumb exit-codes environment person token client flag finished unfinished running closed linux bashrc zshrc compinit',
    'openid profile scopes true false null page items body status total powershell bash zsh fish email code name',
  ].flatMap(line => line.split(' ')),
);

/**
 * The words of a text that are not of its language: Japanese in English; in Japanese, words in Latin letters that
 * are neither names nor what one types.
 * @param known texts that are somebody's data (names of customers) or the server's own words
 */
export function foreignWords(text: string, lang: 'en' | 'ja', known: readonly string[] = []): string[] {
  const own = [...known]
    .sort((a, b) => b.length - a.length)
    .reduce((rest, one) => rest.replaceAll(one, ' '), text);
  if (lang === 'en') return own.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー、。「」〜]+/gu) ?? [];
  const rest = sameInBoth.reduce((sum, one) => sum.replace(one, ' '), own);
  const words = rest.match(/[A-Za-z][A-Za-z'-]*[A-Za-z]|[A-Za-z]{2,}/g) ?? [];
  return words.filter(word => !names.has(word) && !identifiers.has(word));
}
