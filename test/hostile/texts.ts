import blns from 'big-list-of-naughty-strings/blns.json' with { type: 'json' };
import fc from 'fast-check';

/** What has driven terminals, spreadsheets and mail programs before, each as a customer might call a camera. */
export const crafted: readonly string[] = [
  '\x1b[2J\x1b[H\x1b[31mgone',
  '\x1b]0;title\x07\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\',
  '\x1bP+q544e\x1b\\\x1b[6n\x1b[c',
  '\x9b2J\x9d0;title\x9c\x90q\x9c',
  'up\x1b[1A\x1b[2Kforged',
  'over\rwritten\x08\x08\x7f',
  'a\r\nWarning: none\r\n✓ rebooted  all',
  'a\n✔ Reboot 1 device? Yes\n',
  'tab\there\vand\fthere',
  'next\u0085line\u2028separator\u2029paragraph',
  'cam\u202egpj.exe\u202c',
  '\u2066isolate\u2069\u061c\u200e\u200f',
  'zero\u200bwidth\u200c\u200d\u2060\ufeffjoiner',
  'tags\u{e0041}\u{e0042}\u{e007f}',
  'lone\ud83d\ude00\ud83d and \udc00',
  'nul\0nul',
  'soft\u00adhyphen\u034f\u3164\uffa0fillers',
  'v\ufe0f\ufe0f\ufe0f\u{e0100}\u{e0101}',
  'Z̡̛͓̥̖̼͎̝̣͕̺͉̭̹͇̲͓̪̦̲̗̣̝̺̬̘͍͇̈́̓̋̂̄͐͑̀̀̈́̇̐̉́̅̏̀̓̊̀͒̕͘͜͟͝ͅa',
  `heap${'\u0301'.repeat(10_000)}`,
  'x'.repeat(10_000),
  `${'漢'.repeat(40)}${' '.repeat(200)}E-mail: forged@example.jp`,
  `name${' '.repeat(76)}Warning: nothing to worry about`,
  '=HYPERLINK("https://evil.example","click")',
  '+1+1|cmd',
  '-2+3',
  '@SUM(A1)',
  '＝1+1',
  '\t=1+1',
  '"quoted", "twice"',
  "'",
  '</td></tr><script>alert(1)</script>',
  'mail>\r\nBcc: evil@example.com',
  '=?utf-8?q?=0D=0ABcc:evil@example.com?=',
  '__proto__',
  'العربية 123 עברית',
  '👩‍💻👨‍👩‍👧‍👦 辻󠄀 が',
];

/** The Big List of Naughty Strings (Max Woolf and others, MIT) and our own; each at most once, none empty. */
export const naughty: readonly string[] = [...new Set([...crafted, ...(blns as string[])])].filter(Boolean);

/** Texts of parts of the above and of anything else. */
export const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom(...crafted.map(text => text.slice(0, 40))),
      fc.constantFrom('\x1b[', '\x9b', '\r', '\n', '\u202e', '\u200b', '\ud800', '\udfff', ' '.repeat(90)),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map(parts => parts.join(''));
