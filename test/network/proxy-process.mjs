// A proxy as partners have one, in a process of its own. What it does is in PROXY (JSON): the `routes` it
// resolves (host:port -> port on 127.0.0.1), the `credentials` it asks for, and with `inspects` (a key and a
// certificate by host) it ends TLS itself and speaks to the backend in its own name.
// It writes a line of JSON for its port and for each CONNECT.
import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';

const { routes, credentials, inspects = {} } = JSON.parse(process.env.PROXY);
const say = fact => process.stdout.write(`${JSON.stringify(fact)}\n`);
const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;

function refuse(socket, target, status, reason, headers = '') {
  say({ target, status });
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${headers}\r\n`);
}

const server = http.createServer((request, response) => {
  // Plain HTTP is not to come here.
  say({ target: request.url, status: 405, method: request.method });
  response.writeHead(405).end();
});
server.on('connect', (request, socket) => {
  socket.on('error', () => socket.destroy());
  const target = request.url;
  if (expected && request.headers['proxy-authorization'] !== expected) {
    refuse(
      socket,
      target,
      407,
      'Proxy Authentication Required',
      'Proxy-Authenticate: Basic realm="proxy"\r\n',
    );
    return;
  }
  const port = routes[target];
  if (port === undefined) {
    refuse(socket, target, 502, 'Bad Gateway');
    return;
  }
  say({ target, status: 200 });
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  const [host] = target.split(':');
  const identity = inspects[host];
  const near = identity ? new tls.TLSSocket(socket, { isServer: true, ...identity }) : socket;
  const far = identity
    ? tls.connect({ port, host: '127.0.0.1', servername: host, rejectUnauthorized: false })
    : net.connect(port, '127.0.0.1');
  for (const [from, to] of [
    [near, far],
    [far, near],
  ]) {
    from.on('error', () => to.destroy()).on('close', () => to.destroy());
    from.pipe(to);
  }
});
server.listen(0, '127.0.0.1', () => say({ port: server.address().port }));
