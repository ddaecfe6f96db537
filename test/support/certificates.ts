import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

// X.509 (RFC 5280) as far as a test needs it: certificates that are good now, made where they are needed,
// without openssl. Node can read certificates, not write them.

/** A key and a certificate, as node:tls takes them. */
export interface Identity {
  key: string;
  cert: string;
}

/** Someone who vouches for servers. */
export interface Authority {
  /** PEM, for NODE_EXTRA_CA_CERTS. */
  cert: string;
  /** A server's certificate for a host name, good from yesterday for so many days. */
  issue(host: string, days?: number): Identity;
}

/** A certificate authority of its own. */
export function authority(commonName: string): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = name(commonName);
  const isAuthority = extension('2.5.29.19', sequence(tlv(0x01, Buffer.of(0xff))));
  const parts = { subject, publicKey: keys.publicKey, issuer: subject, signer: keys.privateKey, days: 365 };
  const cert = certificate({ ...parts, extensions: [isAuthority] });
  return {
    cert,
    issue(host, days = 365) {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const names = extension('2.5.29.17', sequence(tlv(0x82, Buffer.from(host))));
      const leaf = { ...parts, subject: name(host), publicKey: own.publicKey, days, extensions: [names] };
      return {
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
        cert: certificate(leaf),
      };
    },
  };
}

interface Parts {
  subject: Buffer;
  publicKey: KeyObject;
  issuer: Buffer;
  signer: KeyObject;
  days: number;
  extensions: readonly Buffer[];
}

const day = 86_400_000;
const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));

function certificate({ subject, publicKey, issuer, signer, days, extensions }: Parts): string {
  const now = Date.now();
  const content = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, Buffer.concat([Buffer.of(0x01), randomBytes(12)])),
    ecdsaWithSha256,
    issuer,
    sequence(utcTime(now - day), utcTime(now + days * day)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions, keyIdentifier(publicKey))),
  );
  const signature = tlv(0x03, Buffer.of(0), sign('sha256', content, signer));
  const base64 = sequence(content, ecdsaWithSha256, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
}

function keyIdentifier(publicKey: KeyObject): Buffer {
  const hash = createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
  return extension('2.5.29.14', tlv(0x04, hash));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(objectId(id), tlv(0x04, value));
}

function name(commonName: string): Buffer {
  return sequence(tlv(0x31, sequence(objectId('2.5.4.3'), tlv(0x0c, Buffer.from(commonName)))));
}

function utcTime(time: number): Buffer {
  const text = new Date(time).toISOString().replace(/^..(..)-(..)-(..)T(..):(..):(..).*/, '$1$2$3$4$5$6Z');
  return tlv(0x17, Buffer.from(text));
}

function sequence(...content: Buffer[]): Buffer {
  return tlv(0x30, ...content);
}

/** Type, length, value (DER). */
function tlv(type: number, ...content: Buffer[]): Buffer {
  const value = Buffer.concat(content);
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.of(type, length), value]);
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(type, ...long), value]);
}

function objectId(id: string): Buffer {
  const [first = 0, second = 0, ...rest] = id.split('.').map(Number);
  const bytes = rest.flatMap(number => {
    const groups = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return tlv(0x06, Buffer.of(first * 40 + second, ...bytes));
}
