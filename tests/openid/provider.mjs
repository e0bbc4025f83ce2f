// A provider of OpenID Connect on the loopback interface. Whoever signs in is who they say; the password is not looked at.
// Arguments: port, seed of the ids of its keys, then a client for each algorithm: ALG=REDIRECT_URI.
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const [port, generation, ...clients] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const kinds = {
  RS256: ['rsa', { modulusLength: 2048 }],
  ES256: ['ec', { namedCurve: 'P-256' }],
  EdDSA: ['ed25519', {}],
};
const keys = Object.entries(kinds).map(([alg, [kind, options]]) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }),
  kid: `${alg}-${generation}`,
  use: 'sig',
  ...(alg === 'EdDSA' ? {} : { alg }),
}));

// Some people have an address that nobody has verified.
const claims = (sub) => ({
  sub,
  name: `${sub[0].toUpperCase()}${sub.slice(1)}`,
  preferred_username: sub,
  email: `${sub}@example.org`,
  email_verified: !sub.startsWith('unverified'),
});

const provider = new Provider(issuer, {
  clients: clients.map((client) => {
    const [alg, redirect] = client.split('=');
    return {
      client_id: `portal-${alg}`,
      client_secret: 'open sesame: +%&',
      redirect_uris: [redirect],
      id_token_signed_response_alg: alg,
    };
  }),
  claims: {
    profile: ['name', 'preferred_username'],
    email: ['email', 'email_verified'],
  },
  cookies: { keys: ['only for tests'] },
  enabledJWA: { idTokenSigningAlgValues: Object.keys(kinds) },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => claims(sub) }),
  jwks: { keys },
  pkce: { required: () => true },
});

provider.listen(Number(port), '127.0.0.1', () => console.log(`listening at ${issuer}`));
