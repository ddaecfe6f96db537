// A backend of the contract for thousands of reboots, in a process of its own so that its work is not that of
// whoever is measured: `node bench/reboot-backend.js <devices per customer> <delay in ms>`, started by fork().
// It sends its URL, and for each message it gets, what it has counted since the one before.
import { createServer } from 'node:http';

const [perCustomer, delay] = process.argv.slice(2).map(Number);
const booted = '2026-01-01T00:00:00Z';
/** How often a reboot was asked for, and the times of the first request and of the last answer (milliseconds). */
let posts = { count: 0, first: 0, last: 0 };
/** Reboots by their key, so that one that is asked for again is not created again. */
const reboots = new Map();

const customerOf = device => `cus_${Math.floor(Number(device.slice('dev_'.length)) / perCustomer)}`;

const customer = id => ({
  id,
  name: `お客様 ${id}`,
  email: `${id}@example.jp`,
  linked_at: booted,
  device_count: perCustomer,
  signed_in: true,
});

const device = id => ({
  id,
  customer_id: customerOf(id),
  name: `カメラ ${id}`,
  kind: 'camera',
  model: 'WV-S1536LTN',
  serial_number: id,
  mac_address: '00:00:5E:00:53:01',
  ip_address: '192.0.2.1',
  firmware_version: '2.40',
  status: 'online',
  last_seen_at: booted,
  booted_at: booted,
});

const reboot = (device_id, idempotency_key) => ({
  id: `rb_${reboots.size}`,
  device_id,
  customer_id: customerOf(device_id),
  status: 'accepted',
  reason: null,
  requested_at: new Date().toISOString(),
  requested_by: 'hanako.yamada@partner.example',
  completed_at: null,
  failure: null,
  idempotency_key,
});

function create(deviceId, key) {
  if (!reboots.has(key)) reboots.set(key, reboot(deviceId, key));
  return reboots.get(key);
}

const account = {
  id: 'usr_1',
  name: '山田 花子',
  email: 'hanako.yamada@partner.example',
  partner_code: 'PA-10482',
};

/** The answer to a request: its status and its body. */
function answerTo({ method, url, headers }) {
  const [, , , kind, id, part] = url.split('?')[0].split('/');
  if (method === 'POST') return [202, create(id, headers['idempotency-key'])];
  if (part === 'reboots') return [200, { items: [], page: 1, per_page: 1, total: 0 }];
  if (kind === 'devices') return [200, device(id)];
  return [200, kind === 'account' ? account : customer(id)];
}

const server = createServer((request, response) => {
  const posting = request.method === 'POST';
  if (posting && posts.count++ === 0) posts.first = performance.now();
  const [status, body] = answerTo(request);
  request.resume();
  setTimeout(() => {
    response.writeHead(status, { 'Content-Type': 'application/json', 'X-Request-Id': 'bench' });
    response.end(JSON.stringify(body));
    if (posting) posts.last = performance.now();
  }, delay);
});
// A connection that is left alone for a moment must not be closed on whoever is about to use it.
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.send({ url: `http://127.0.0.1:${server.address().port}/partner/v1` });
});

process.on('message', () => {
  const devices = new Set(Array.from(reboots.values(), ({ device_id }) => device_id)).size;
  process.send({ posts: posts.count, devices, seconds: (posts.last - posts.first) / 1000 });
  posts = { count: 0, first: 0, last: 0 };
  reboots.clear();
});
process.on('disconnect', () => process.exit());
