import { describe, expect, it } from 'vitest';
import { remo } from '../../support/run.js';

describe('remo completion', () => {
  it.each([
    ['bash', 'complete -F _remo remo'],
    ['zsh', 'compdef _remo remo'],
    ['fish', 'complete -c remo'],
    ['powershell', 'Register-ArgumentCompleter -Native -CommandName remo'],
  ])('%s: the script and nothing else', async (shell, says) => {
    const { code, out, err } = await remo(['completion', shell]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(says);
    expect(out).toContain(`remo __complete ${shell} `);
  });

  it('a mistyped shell is answered with the nearest', async () => {
    const { code, out, err } = await remo(['completion', 'bsh']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Did you mean "bash"?');
    expect((await remo(['completion', 'tcsh-or-so'])).err).toContain('bash, zsh, fish or powershell');
  });

  it('no shell: the login shell is named, and nothing is guessed', async () => {
    const { code, out, err } = await remo(['completion'], { env: { SHELL: '/usr/bin/fish' } });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('remo completion fish');
    for (const SHELL of [undefined, '/bin/tcsh'])
      expect((await remo(['completion'], { env: { SHELL } })).err).toContain('bash, zsh, fish or powershell');
  });

  it.each(['en', 'ja'])('--help tells how to install it in each shell (%s)', async lang => {
    const { out } = await remo(['completion', '--help', '--lang', lang]);
    for (const line of [
      'eval "$(remo completion bash)"',
      'eval "$(remo completion zsh)"',
      'remo completion zsh > ~/.zfunc/_remo',
      'remo completion fish > ~/.config/fish/completions/remo.fish',
      'remo completion powershell | Out-String | Invoke-Expression',
    ])
      expect(out).toContain(line);
  });
});

// There is no PowerShell to run it in.
describe('the script for PowerShell', () => {
  const script = async () => (await remo(['completion', 'powershell'])).out;

  it('closes what it opens', async () => {
    const text = (await script())
      .replace(/#.*$/gm, '')
      .replaceAll('"\'"', '')
      .replace(/'[^']*'/g, '');
    for (const [open, close] of ['{}', '()', '[]'])
      expect(text.split(open as string).length).toBe(text.split(close as string).length);
  });

  it('never evaluates a text, and hands an empty word over with something before it', async () => {
    const text = await script();
    expect(text).not.toMatch(/Invoke-Expression|\biex\b|ScriptBlock\]::Create/);
    expect(text).toContain('& remo __complete powershell @before "=$current"');
  });

  it('reads UTF-8, and leaves the console as it was', async () => {
    expect(await script()).toMatch(
      /OutputEncoding = \[System\.Text\.Encoding\]::UTF8\n[\s\S]*finally \{ \[Console\]::OutputEncoding = \$encoding \}/,
    );
  });
});
