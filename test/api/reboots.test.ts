import { describe, expect, it } from 'vitest';
import { recentReboots } from '../../src/api/reboots.js';
import { bench, page, reboot } from './support.js';

describe('the last reboots of a device', () => {
  const older = { ...reboot(), id: 'older', requested_at: '2026-02-28T22:00:00Z' };
  const newer = { ...reboot(), id: 'newer', requested_at: '2026-03-01T07:30:00+09:00' };
  const asked: string[] = [];
  const told = (headers: Record<string, string>) => {
    const { request } = bench({
      fetch: async url => {
        asked.push(new URL(String(url)).search);
        return Response.json(page([older, newer]), { headers });
      },
    });
    return recentReboots(request, 'd1');
  };

  it('are a few, newest first, whatever the order they come in', async () => {
    const { reboots } = await told({});
    expect(asked.at(-1)).toBe('?page=1&per_page=10');
    expect(reboots.map(({ id }) => id)).toEqual(['newer', 'older']);
  });

  it("come with the backend's time, where the answer has one", async () => {
    const date = 'Sun, 01 Mar 2026 00:00:30 GMT';
    expect(await told({ date })).toMatchObject({ toldAt: Date.parse(date) });
    expect(await told({ date: 'soon' })).not.toHaveProperty('toldAt');
  });
});
