import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./fake-browser.mjs', import.meta.url));

/** The environment in which `$BROWSER` is a program that signs in like a person. */
export function browserEnv(
  options: { presses?: 'allow' | 'deny'; pageFile?: string; strays?: boolean } = {},
) {
  const { presses, pageFile, strays } = options;
  return {
    PATH: process.env['PATH'],
    BROWSER: `"${process.execPath}" "${script}"`,
    ...(presses ? { FAKE_BROWSER_PRESSES: presses } : {}),
    ...(pageFile ? { FAKE_BROWSER_PAGE: pageFile } : {}),
    ...(strays ? { FAKE_BROWSER_STRAYS: '1' } : {}),
  };
}
