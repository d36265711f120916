// A receiver as a partner's supplier writes it, with the package of Standard Webhooks for v1. That package knows no v1a,
// so that one is verified by node itself, from the standard's text. Its first line of input holds the keys it knows.
// Prints its base URL once it listens; keeps what it verified; stops when its standard input closes.
import { createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

const [line] = await once(createInterface({ input: process.stdin }).on('close', () => process.exit(0)), 'line');
const { secret, publicKey } = JSON.parse(line);

const ED25519 = Buffer.from('302a300506032b6570032100', 'hex'); // RFC 8410: SubjectPublicKeyInfo before the key's 32 bytes
const key = createPublicKey({
  key: Buffer.concat([ED25519, Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64')]),
  format: 'der',
  type: 'spki',
});

function verifyAsymmetric(body, headers) {
  const signed = Buffer.concat([Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`), body]);
  const signatures = headers['webhook-signature'].split(' ').map((each) => each.split(','));
  const holds = ([version, text]) => version === 'v1a' && verify(null, signed, key, Buffer.from(text, 'base64'));
  if (Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp'])) > 300 || !signatures.some(holds)) {
    throw new WebhookVerificationError('No matching signature found');
  }
  return JSON.parse(body.toString());
}

const ways = {
  '/v1': (body, headers) => new Webhook(secret).verify(body, headers),
  '/v1a': verifyAsymmetric,
};
const kept = [];

const server = createServer(async (request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify(kept));
    return;
  }
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  try {
    kept.push(ways[request.url](Buffer.concat(chunks), request.headers));
    response.writeHead(204).end();
  } catch (error) {
    response.writeHead(error instanceof WebhookVerificationError ? 401 : 500).end();
  }
});

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
