// The certified OpenID provider `oidc-provider`, on https: a token endpoint that knows nothing of us.
// Its first line of input says who its clients are and how it speaks TLS. Prints its issuer once it listens; stops when
// its standard input closes, so it never outlives a test run.
import { createServer } from 'node:https';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const [line] = await once(createInterface({ input: process.stdin }).on('close', () => process.exit(0)), 'line');
const { clients, scopes, tls } = JSON.parse(line);

const server = createServer(tls);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `https://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: clients.map((client) => ({
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    ...client,
  })),
  scopes,
  clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
  enabledJWA: { clientAuthSigningAlgValues: ['ES384', 'RS384'] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    introspection: { enabled: true, allowedPolicy: () => true },
  },
  ttl: { ClientCredentials: 300 },
});
server.on('request', provider.callback());
console.log(issuer);
