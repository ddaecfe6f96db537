import { html } from 'hono/html';

/** A piece of HTML with everything foreign in it escaped. */
export type Html = ReturnType<typeof html>;
type PageLanguage = 'ja' | 'en';

const texts = {
  ja: {
    title: 'ログイン - remo サンドボックス',
    sandbox: 'remo サンドボックス',
    notReal: 'これは練習用の環境です。実在のお客様や機器にはつながりません。',
    signInHeading: 'ログイン',
    asks: (client: string) => `${client} が次の許可を求めています:`,
    scopes: {
      'remo.read': 'アカウント、お客様、機器の情報を読み取る',
      'remo.reboot': '機器に再起動を指示する',
      offline_access: 'このコンピューターでログインしたままにする',
    } as Record<string, string>,
    signInAs: (name: string, email: string) => `${name}(${email})としてログイン`,
    deny: 'キャンセル',
    expired: 'このページの有効期限が切れました。もう一度ログインしてください。',
    codeHeading: 'コードを入力',
    codePrompt: 'ターミナルに表示されているコードを入力してください。',
    codeWrong: 'コードが正しくないか、有効期限が切れているか、使用済みです。もう一度入力してください。',
    codeAborted: 'ログインを取り消しました。このページを閉じてください。',
    codeFailed: 'ログインを完了できませんでした。もう一度コードを入力してください。',
    proceed: '続ける',
    confirmHeading: 'コードを確認',
    confirmPrompt: 'ターミナルに表示されているコードと一致していますか。一致しない場合は続けないでください。',
    successHeading: 'ログインしました',
    successText: 'このページを閉じて、ターミナルに戻ってください。',
    errorHeading: 'ログインできませんでした',
    errorText: 'ターミナルで remo login からやり直してください。',
    errorCode: (code: string) => `エラーコード: ${code}`,
    errorDetail: (text: string) => `詳細(英語): ${text}`,
  },
  en: {
    title: 'Sign in - remo sandbox',
    sandbox: 'remo sandbox',
    notReal: 'This is a rehearsal. No real customer or device is behind it.',
    signInHeading: 'Sign in',
    asks: (client: string) => `${client} asks for permission to:`,
    scopes: {
      'remo.read': 'read the account, customers and devices',
      'remo.reboot': 'instruct devices to reboot',
      offline_access: 'stay signed in on this computer',
    } as Record<string, string>,
    signInAs: (name: string, email: string) => `Sign in as ${name} (${email})`,
    deny: 'Cancel',
    expired: 'This page has expired. Please sign in again.',
    codeHeading: 'Enter the code',
    codePrompt: 'Enter the code shown in your terminal.',
    codeWrong: 'That code is not right, has expired or was used already. Try again.',
    codeAborted: 'Sign-in was cancelled. You can close this page.',
    codeFailed: 'Sign-in could not be completed. Enter the code again.',
    proceed: 'Continue',
    confirmHeading: 'Check the code',
    confirmPrompt: 'Is this the code in your terminal? If it is not, do not continue.',
    successHeading: 'You are signed in',
    successText: 'You can close this page and go back to your terminal.',
    errorHeading: 'Sign-in failed',
    errorText: 'Start again in the terminal with: remo login',
    errorCode: (code: string) => `Error code: ${code}`,
    errorDetail: (text: string) => `Detail: ${text}`,
  },
};

/**
 * Japanese or English for a page: `ui_locales` (OpenID Connect Core, section 3.1.2.1) when the client sent it,
 * else Accept-Language by its weights, else English.
 */
export function pageLanguage(acceptLanguage: string | undefined, uiLocales?: unknown): PageLanguage {
  const asked = typeof uiLocales === 'string' ? uiLocales.split(' ') : [];
  const accepted = (acceptLanguage ?? '')
    .split(',')
    .map(entry => {
      const [tag = '', weight] = entry.trim().split(/\s*;\s*q=/i);
      return { tag, weight: weight === undefined ? 1 : Number(weight) };
    })
    .sort((a, b) => b.weight - a.weight);
  for (const tag of [...asked, ...accepted.map(({ tag }) => tag)]) {
    const language = /^(ja|en)\b/i.exec(tag)?.[1]?.toLowerCase();
    if (language === 'ja' || language === 'en') return language;
  }
  return 'en';
}

async function page(lang: PageLanguage, heading: string, content: Html): Promise<string> {
  const { title, sandbox, notReal } = texts[lang];
  const document = await html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.6 system-ui, sans-serif; margin: 0; background: Canvas; color: CanvasText; }
main { max-width: 28rem; margin: 10vh auto; padding: 0 1.5rem; }
header, footer { color: GrayText; font-size: .875rem; }
h1 { font-size: 1.5rem; margin: .25rem 0 1rem; }
button, input[type=text] { font: inherit; width: 100%; box-sizing: border-box; padding: .7rem; margin: .35rem 0; border-radius: .4rem; border: 1px solid GrayText; }
input[type=text] { text-align: center; letter-spacing: .1em; text-transform: uppercase; }
button.main { background: #14539a; border-color: #14539a; color: #fff; cursor: pointer; }
code { display: block; text-align: center; font-size: 1.75rem; letter-spacing: .1em; margin: 1rem 0; }
</style>
</head>
<body><main>
<header>${sandbox}</header>
<h1>${heading}</h1>
${content}
<footer><p>${notReal}</p></footer>
</main></body>
</html>`;
  return document.toString();
}

/** The page that asks whether to sign in; its form posts `action` = `allow` or `deny` to itself. */
export function signInPage(
  lang: PageLanguage,
  { client, scopes, account }: { client: string; scopes: string[]; account: { name: string; email: string } },
): Promise<string> {
  const t = texts[lang];
  const items = scopes.flatMap(scope => (t.scopes[scope] ? [html`<li>${t.scopes[scope]}</li>`] : []));
  return page(
    lang,
    t.signInHeading,
    html`<p>${t.asks(client)}</p><ul>${items}</ul>
<form method="post">
<button class="main" name="action" value="allow" autofocus>${t.signInAs(account.name, account.email)}</button>
<button name="action" value="deny">${t.deny}</button>
</form>`,
  );
}

/** The page for an interaction that is over or belongs to another browser. */
export function expiredPage(lang: PageLanguage): Promise<string> {
  const t = texts[lang];
  return page(lang, t.errorHeading, html`<p>${t.expired}</p>`);
}

/** That it went wrong; `error` is the OAuth error code, `description` what the provider says of it, in English. */
export function errorPage(lang: PageLanguage, error: string, description?: string): Promise<string> {
  const t = texts[lang];
  const detail = description === undefined ? '' : html`<br>${t.errorDetail(description)}`;
  return page(
    lang,
    t.errorHeading,
    html`<p>${t.errorText}</p><p><small>${t.errorCode(error)}${detail}</small></p>`,
  );
}

/** Where the code of a device sign-in is typed in. `form` is the provider's own HTML. */
export function codeInputPage(
  lang: PageLanguage,
  form: Html,
  trouble?: 'codeWrong' | 'codeAborted' | 'codeFailed',
): Promise<string> {
  const t = texts[lang];
  if (trouble === 'codeAborted') return page(lang, t.codeHeading, html`<p>${t.codeAborted}</p>`);
  return page(
    lang,
    t.codeHeading,
    html`<p role="status">${t[trouble ?? 'codePrompt']}</p>${form}
<button class="main" type="submit" form="op.deviceInputForm">${t.proceed}</button>`,
  );
}

/** Where the code is compared before the sign-in goes on. `form` is the provider's own HTML. */
export function codeConfirmPage(lang: PageLanguage, form: Html, userCode: string): Promise<string> {
  const t = texts[lang];
  return page(
    lang,
    t.confirmHeading,
    html`<p>${t.confirmPrompt}</p><code>${userCode}</code>${form}
<button class="main" type="submit" form="op.deviceConfirmForm" autofocus>${t.proceed}</button>
<button type="submit" form="op.deviceConfirmForm" name="abort" value="yes">${t.deny}</button>`,
  );
}

/** The end of a device sign-in. */
export function codeSuccessPage(lang: PageLanguage): Promise<string> {
  const t = texts[lang];
  return page(lang, t.successHeading, html`<p>${t.successText}</p>`);
}
