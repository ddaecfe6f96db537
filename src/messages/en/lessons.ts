import type { Lesson } from '../lesson.js';

/** What each command teaches, by its words: examples that can be pasted beside `remo sandbox`, and its exit codes. */
export const lessons = {
  '': {
    examples: [
      { does: 'see the main job done, without an account', line: 'remo demo' },
      { does: 'find a customer', line: 'remo customers list --email sakura' },
      { does: 'see their devices', line: 'remo devices show sakura@example.jp' },
      {
        does: 'reboot one of them, and wait until it is back',
        line: 'remo devices reboot dev_4f2cr961dj --wait',
      },
    ],
  },
  login: {
    examples: [
      {
        does: 'sign in to the backend that "remo sandbox" runs; the profile keeps the address',
        line: 'remo login --api-url http://127.0.0.1:4010/partner/v1',
      },
      { does: 'over SSH or without a browser: a code, entered on any device', line: 'remo login --device' },
      { does: 'keep a token that you already have', line: 'remo login --with-token < token.txt' },
      {
        does: 'ask for less: see everything, reboot nothing',
        line: 'remo login --scopes "openid offline_access remo.read"',
      },
    ],
    exitCodes: {
      2: 'no address of a backend; nothing was sent',
      4: 'the sign-in was refused, the code ran out, or there is no usable keychain',
    },
  },
  logout: {
    examples: [
      { does: 'sign out of the profile in use', line: 'remo logout' },
      { does: 'sign out everywhere, before the computer is handed on', line: 'remo logout --all' },
    ],
  },
  whoami: {
    examples: [
      { does: 'who am I, where, and until when', line: 'remo whoami' },
      { does: 'one field, for a script', line: 'remo whoami -o json | jq -r .partner_code' },
    ],
  },
  customers: {
    examples: [
      { does: 'those whose e-mail address contains "sakura"', line: 'remo customers list --email sakura' },
    ],
  },
  'customers list': {
    examples: [
      { does: 'page by page on a terminal, everything in a pipe', line: 'remo customers list' },
      { does: 'those whose e-mail address contains "sakura"', line: 'remo customers list --email sakura' },
      { does: 'in a pager, to search and to scroll', line: 'remo customers list --pager' },
      { does: 'one field of each, for a script', line: 'remo customers list -o ndjson | jq -r .email' },
      {
        does: 'who has the most devices, by address',
        line: 'remo customers list --columns email,device_count --sort -device_count',
      },
    ],
  },
  devices: {
    examples: [
      { does: 'the devices of a customer', line: 'remo devices show sakura@example.jp' },
      { does: 'reboot one, and wait until it is back', line: 'remo devices reboot dev_4f2cr961dj --wait' },
    ],
  },
  'devices show': {
    examples: [
      { does: 'the customer with this address', line: 'remo devices show sakura@example.jp' },
      { does: 'the same, by id', line: 'remo devices show cus_m0gzy8kqdz' },
      { does: 'everything that is known, as JSON', line: 'remo devices show sakura@example.jp -o json' },
      { does: 'for Excel in Japan', line: 'remo devices show sakura@example.jp --excel > devices.csv' },
    ],
    exitCodes: {
      5: 'no such customer, or a part of an address that several have',
    },
  },
  'devices status': {
    examples: [
      { does: 'one device', line: 'remo devices status dev_4f2cr961dj' },
      { does: 'several, as CSV', line: 'remo devices status dev_4f2cr961dj dev_zaqv38vss7 -o csv' },
    ],
    exitCodes: {
      5: 'no such device',
    },
  },
  'devices reboot': {
    examples: [
      { does: 'one device; asks first', line: 'remo devices reboot dev_4f2cr961dj' },
      {
        does: 'wait until it is back, and put the reason on record',
        line: 'remo devices reboot dev_4f2cr961dj --wait --reason "frozen picture"',
      },
      {
        does: 'from a script: no question, JSON',
        line: 'remo devices reboot dev_4f2cr961dj --yes --wait=10m -o json',
      },
      {
        does: 'what would happen to all cameras of a customer; sends nothing',
        line: 'remo devices reboot --customer sakura@example.jp --kind camera --dry-run',
      },
      {
        does: 'whatever another command lists, here those that are online',
        line: `remo devices show sakura@example.jp -o ndjson |
  jq -c 'select(.status == "online")' |
  remo devices reboot --file - --yes`,
      },
      {
        does: 'a list, at night, and only if exactly three devices would be rebooted',
        line: 'remo devices reboot --file ids.txt --confirm 3 \\\n  --window 01:00-05:00 --tz Asia/Tokyo',
      },
    ],
    exitCodes: {
      0: 'all rebooted (with --no-wait, or one device without --wait: all instructed)',
      3: 'at least one device was not rebooted',
      5: 'no such device; nothing was sent',
      7: 'declined, nobody could be asked, or not the number that was confirmed',
      8: 'for at least one device the outcome is unknown: check before rebooting it again',
    },
  },
  batches: {
    examples: [
      { does: 'what ran, newest first', line: 'remo batches list' },
      { does: 'go on with a run that stopped (RUN as the list names it)', line: 'remo batches resume RUN' },
    ],
  },
  'batches list': {
    examples: [
      { does: 'all of them', line: 'remo batches list' },
      {
        does: 'the ids of those that are not finished',
        line: 'remo batches list -o ndjson | jq -r \'select(.state == "unfinished").batch_id\'',
      },
    ],
  },
  'batches show': {
    examples: [
      {
        does: 'what became of each device (RUN as "remo batches list" names it)',
        line: 'remo batches show RUN',
      },
      { does: 'only what needs a look', line: 'remo batches show RUN --outcome failed,unknown' },
    ],
    exitCodes: {
      2: 'no such run',
    },
  },
  'batches resume': {
    examples: [
      { does: 'asks first (RUN as "remo batches list" names it)', line: 'remo batches resume RUN' },
      {
        does: 'from a script, with a limit of failures of its own',
        line: 'remo batches resume RUN --yes --max-failures 10',
      },
    ],
    exitCodes: {
      0: 'every device of the run is done, now or before',
      2: 'no such run',
      3: 'at least one device of the run was not rebooted',
      7: 'declined, or nobody could be asked',
      8: 'for at least one device the outcome is unknown: check before rebooting it again',
    },
  },
  'batches close': {
    examples: [{ does: 'asks first (RUN as "remo batches list" names it)', line: 'remo batches close RUN' }],
    exitCodes: {
      2: 'no such run',
      7: 'declined, or nobody could be asked',
    },
  },
  history: {
    examples: [
      { does: 'all of it, newest first', line: 'remo history' },
      {
        does: 'what went wrong in the last seven days',
        line: 'remo history --since 7d --outcome failed,unknown',
      },
      {
        does: 'what a customer had rebooted in November',
        line: 'remo history --customer sakura@example.jp \\\n  --since 2026-11-01 --until 2026-11-30',
      },
      { does: 'everything about one device, as JSON', line: 'remo history --device dev_4f2cr961dj -o json' },
    ],
    exitCodes: {
      2: "a time or an outcome that can't be read",
    },
  },
  notices: {
    examples: [
      {
        does: 'the messages, to be read and copied (RUN as "remo batches list" names it)',
        line: 'remo notices RUN',
      },
      {
        does: 'in Japanese, as drafts for a mail program',
        line: 'remo notices RUN --lang ja --format eml --out drafts',
      },
    ],
    exitCodes: {
      0: 'written, or there is nobody to write to',
      2: 'no such run, or a file is there already; nothing was written',
    },
  },
  config: {
    examples: [
      { does: 'every setting, and where its value comes from', line: 'remo config list' },
      { does: 'speak Japanese from now on', line: 'remo config set lang ja' },
    ],
  },
  'config list': {
    examples: [
      { does: 'every setting of the profile in use', line: 'remo config list' },
      { does: 'those of another profile, as JSON', line: 'remo config list --profile lab -o json' },
    ],
  },
  'config get': {
    examples: [{ does: 'the bare value, for a script', line: 'remo config get api_url' }],
    exitCodes: {
      2: 'no such setting',
    },
  },
  'config set': {
    examples: [
      { does: 'speak Japanese from now on', line: 'remo config set lang ja' },
      {
        does: 'a profile of its own for the sandbox',
        line: 'remo config set api_url http://127.0.0.1:4010/partner/v1 --profile lab',
      },
      {
        does: 'ask for no more than this at each sign-in',
        line: 'remo config set scopes "openid offline_access remo.read"',
      },
      {
        does: 'sign the notices to customers',
        line: 'remo config set signature.company "Example Security Ltd."',
      },
    ],
    exitCodes: {
      2: 'no such setting, or a value that it does not take; nothing was stored',
    },
  },
  'config unset': {
    examples: [{ does: 'go by the locale again', line: 'remo config unset lang' }],
  },
  'config profiles': {
    examples: [{ does: 'all of them; * marks the one in use', line: 'remo config profiles' }],
  },
  'config use': {
    examples: [{ does: 'from now on, instead of --profile lab each time', line: 'remo config use lab' }],
    exitCodes: {
      2: 'no such profile',
    },
  },
  doctor: {
    examples: [
      { does: 'everything, in order', line: 'remo doctor' },
      {
        does: 'before you sign in to a backend',
        line: 'remo doctor --api-url http://127.0.0.1:4010/partner/v1',
      },
      {
        does: 'the names of what is wrong, for a script',
        line: 'remo doctor -o json | jq -r \'.[] | select(.status == "fail").check\'',
      },
    ],
    exitCodes: {
      0: 'everything that is needed works (there may be warnings)',
      2: 'the first failure is about Node.js, a setting or the address of the proxy',
      4: 'the first failure is about the credential store or the sign-in',
      6: 'the first failure is about the network or the backend',
    },
  },
  completion: {
    examples: [
      { does: 'bash: this line in ~/.bashrc', line: 'eval "$(remo completion bash)"' },
      { does: 'zsh: this line in ~/.zshrc, after compinit', line: 'eval "$(remo completion zsh)"' },
      { does: 'zsh: or once, into a folder of $fpath', line: 'remo completion zsh > ~/.zfunc/_remo' },
      { does: 'fish: once', line: 'remo completion fish > ~/.config/fish/completions/remo.fish' },
      {
        does: 'PowerShell: this line in $PROFILE',
        line: 'remo completion powershell | Out-String | Invoke-Expression',
      },
    ],
    exitCodes: {
      2: 'no such shell',
    },
  },
  sandbox: {
    examples: [
      { does: 'at http://127.0.0.1:4010/partner/v1, until Ctrl-C', line: 'remo sandbox' },
      {
        does: 'for a script: any free port, its address in a file, no clicks',
        line: 'remo sandbox --port 0 --ready-file url.txt --auto-approve',
      },
    ],
    exitCodes: {
      0: 'ended with Ctrl-C or TERM',
      2: 'the port is in use, or not to be taken',
    },
  },
  demo: {
    examples: [{ does: 'takes a few seconds and needs nothing', line: 'remo demo' }],
    exitCodes: {
      0: 'each step ended as it should',
    },
  },
  help: {
    examples: [
      { does: 'a command', line: 'remo help devices reboot' },
      { does: 'a topic', line: 'remo help exit-codes' },
    ],
    exitCodes: {
      2: 'no such command or topic',
    },
  },
} satisfies Record<string, Lesson>;
