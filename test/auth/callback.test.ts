import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openCallback } from '../../src/auth/callback.js';

const stray = { title: 'Stray', text: 'Not yours.' };

async function callbackForTest() {
  const onStray = vi.fn();
  const callback = await openCallback({ lang: 'en', stray, onStray });
  onTestFinished(() => callback.close());
  return { callback, onStray };
}

test('the first visit with the state arrives, and gets its page, escaped', async () => {
  const { callback, onStray } = await callbackForTest();
  expect(callback.redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  const arrival = callback.arrival('mine');
  const visit = fetch(`${callback.redirectUri}?code=c&state=mine`);
  const { url, answer } = await arrival;
  expect(url.searchParams.get('code')).toBe('c');
  await answer({ title: '<b>&"\'', text: 'done' });
  const response = await visit;
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('<h1>&#60;b&#62;&#38;&#34;&#39;</h1>');
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(onStray).not.toHaveBeenCalled();
});

test.each(['/favicon.ico', '/', '/callback/', '/callbackx', '//callback'])('%s is not found', async place => {
  const { callback, onStray } = await callbackForTest();
  const response = await fetch(new URL(callback.redirectUri).origin + place);
  expect(response.status).toBe(404);
  expect(onStray).not.toHaveBeenCalled();
});

test('a callback of somebody else is turned away and the wait goes on', async () => {
  const { callback, onStray } = await callbackForTest();
  const arrival = callback.arrival('mine');
  for (const query of ['', '?code=c', '?code=c&state=other', '?error=access_denied&state=']) {
    const response = await fetch(callback.redirectUri + query);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('Not yours.');
  }
  expect(onStray).toHaveBeenCalledTimes(4);
  const posted = await fetch(`${callback.redirectUri}?state=mine`, { method: 'POST' });
  expect(posted.status).toBe(404);
  void fetch(`${callback.redirectUri}?state=mine`).catch(() => {});
  await arrival;
});

test('a second visit with the state does not arrive again', async () => {
  const { callback, onStray } = await callbackForTest();
  const arrival = callback.arrival('mine');
  const first = fetch(`${callback.redirectUri}?state=mine`);
  const { answer } = await arrival;
  expect((await fetch(`${callback.redirectUri}?state=mine`)).status).toBe(400);
  expect(onStray).toHaveBeenCalledOnce();
  await answer(stray);
  await first;
});

test('closing does not wait for connections that a browser opened ahead', async () => {
  const callback = await openCallback({ lang: 'en', stray, onStray: () => {} });
  const socket = connect(Number(new URL(callback.redirectUri).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => {});
  // The browser's connection stays open; whoever waited for it would wait for longer than a test may take.
  await callback.close();
  expect(socket.readyState).not.toBe('opening');
});
