// server.mjs: real OAuth 2 servers (npm oidc-provider) on free ports of 127.0.0.1, with
// the paths and the manners of accounts.spotify.com, for Segue's tests.
//
//   node server.mjs MODULES
//
// MODULES is the folder that scripts/oauth/install.sh filled. Each line of standard input is
// an order; the servers, which share nothing but the process, end when it does:
//
//   start [rotate|keep|omit] [access seconds]
//                                           prints "listening http://127.0.0.1:PORT"
//   end http://127.0.0.1:PORT               prints "ended"
//
// rotate: a refresh brings a new refresh token; the old one is dead, and using it again
//         ends the whole grant.  keep: it brings the same one.  omit: it brings none.
//
// /authorize /api/token /api/revoke /me   as a client sees them; PKCE S256 is required
// /v1/me                                  whose access token it is, as Spotify's Web API says it
// /v1/expire                              the access token that comes along is good no more under /v1
// /stats                                  what was done so far, for tests
//
// People sign in by a form (any name but "nobody"; the password is "pw-" and the name),
// then allow or deny by another.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [modules] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));

const scopes = `openid offline_access user-read-private user-read-email user-library-read user-library-modify
  playlist-read-private playlist-read-collaborative playlist-modify-private playlist-modify-public
  user-follow-read user-follow-modify user-top-read user-read-recently-played
  user-read-playback-state user-modify-playback-state user-read-currently-playing user-read-playback-position`.split(/\s+/);
const life = 15778800; // seconds: six months
const now = () => Math.floor(Date.now() / 1000);

const client = {
  application_type: 'native', response_types: ['code'], grant_types: ['authorization_code', 'refresh_token'],
  redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback', 'http://localhost/callback'],
};
const configuration = (mode, access) => ({
  clients: [
    { ...client, client_id: 'segue', token_endpoint_auth_method: 'none' },
    { ...client, client_id: '0123456789abcdef0123456789abcdef', token_endpoint_auth_method: 'none' },
    { ...client, client_id: 'with secret', client_secret: 's+e/c r:et', token_endpoint_auth_method: 'client_secret_basic' },
  ],
  scopes,
  pkce: { required: () => true },
  routes: { authorization: '/authorize', token: '/api/token', revocation: '/api/revoke', userinfo: '/me' },
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: () => mode === 'rotate',
  // A refresh token lives from the sign-in on, and refreshing does not make it live longer.
  ttl: {
    AccessToken: +access, Grant: life, Session: life, Interaction: 600, IdToken: 3600,
    RefreshToken: (_ctx, token) => (token?.iiat ? Math.max(1, token.iiat + life - now()) : life),
  },
  findAccount: async (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, id }) }),
  features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ['only for tests'] },
});

const escape = (s) => String(s).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const page = (ctx, title, form) => {
  ctx.type = 'html';
  ctx.body = `<!doctype html><title>${title}</title><h1>${title}</h1><form method="post">${form}</form>`;
};

async function body(req) {
  let text = '';
  for await (const chunk of req) text += chunk;
  return new URLSearchParams(text);
}

// login asks who it is, until name and password go together.
async function login(ctx, details) {
  const form = ctx.method === 'POST' ? await body(ctx.req) : new URLSearchParams();
  const name = form.get('name') ?? '';
  if (name && name !== 'nobody' && form.get('password') === `pw-${name}`) return { login: { accountId: name } };
  page(ctx, 'Sign in', `${name && '<p role="alert">Wrong name or password</p>'}
    <input name="name" value="${escape(name || details.params.login_hint || '')}"><input name="password" type="password">
    <button id="go">Sign in</button>`);
  return undefined;
}

// consent asks whether the client may. "less" allows all but the last scope.
async function consent(ctx, provider, details) {
  const asked = details.params.scope ?? '';
  const answer = ctx.method === 'POST' ? (await body(ctx.req)).get('do') : '';
  if (answer === 'deny') return { error: 'access_denied', error_description: 'the user said no' };
  if (answer !== 'allow' && answer !== 'less') {
    page(ctx, 'Allow?', `<p>${escape(details.params.client_id)} wants: ${escape(asked)}</p>
      <button id="allow" name="do" value="allow">Allow</button><button id="deny" name="do" value="deny">Deny</button>
      <button id="less" name="do" value="less">Allow a part</button>`);
    return undefined;
  }
  const grant = details.grantId
    ? await provider.Grant.find(details.grantId)
    : new provider.Grant({ accountId: details.session.accountId, clientId: details.params.client_id });
  const list = asked.split(' ');
  grant.addOIDCScope((answer === 'less' ? list.slice(0, -1) : list).join(' '));
  if (answer === 'less') grant.rejectOIDCScope(list.at(-1));
  return { consent: { grantId: await grant.save() } };
}

// api answers as Spotify's Web API does: by the token alone, whatever its scopes. It knows
// /v1/me and nothing else. expired are the access tokens that a test ended before their time.
async function api(ctx, provider, expired) {
  const access = (ctx.get('authorization') ?? '').replace(/^Bearer /, '');
  if (ctx.path === '/v1/expire') expired.add(access);
  const token = await provider.AccessToken.find(access);
  const alive = token && !expired.has(access) && !token.isExpired && await provider.Grant.find(token.grantId);
  if (!alive) {
    ctx.status = 401;
    ctx.body = { error: { status: 401, message: token ? 'The access token expired' : 'Invalid access token' } };
    return;
  }
  if (ctx.path !== '/v1/me') {
    ctx.status = 404;
    ctx.body = { error: { status: 404, message: 'Not found' } };
    return;
  }
  const id = token.accountId;
  ctx.body = {
    display_name: id[0].toUpperCase() + id.slice(1), external_urls: { spotify: `https://open.spotify.com/user/${id}` },
    href: `https://api.spotify.com/v1/users/${id}`, id, images: [], type: 'user', uri: `spotify:user:${id}`,
  };
}

function make(issuer, mode, access) {
  const provider = new Provider(issuer, configuration(mode, access));
  const stats = { refreshes: 0, refused: 0, revoked: 0, exchanged: 0 };
  const expired = new Set();
  provider.use(async (ctx, next) => {
    if (ctx.path === '/stats') {
      ctx.body = stats;
      return;
    }
    if (ctx.path.startsWith('/v1/')) {
      await api(ctx, provider, expired);
      return;
    }
    if (ctx.path === '/authorize' && ctx.query.show_dialog === 'true') { // Spotify's word for it
      ctx.query = { ...ctx.query, prompt: 'login consent' };
    }
    if (!ctx.path.startsWith('/interaction/')) {
      await next();
      if (mode === 'omit' && ctx.oidc?.params?.grant_type === 'refresh_token') delete ctx.body?.refresh_token;
      return;
    }
    const details = await provider.interactionDetails(ctx.req, ctx.res);
    const result = details.prompt.name === 'login' ? await login(ctx, details) : await consent(ctx, provider, details);
    if (result) await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
  });
  provider.on('grant.success', (ctx) => {
    stats[ctx.oidc.params.grant_type === 'refresh_token' ? 'refreshes' : 'exchanged'] += 1;
  });
  provider.on('grant.error', (ctx) => {
    if (ctx.oidc?.params?.grant_type === 'refresh_token') stats.refused += 1;
  });
  provider.on('grant.revoked', () => { stats.revoked += 1; });
  provider.on('server_error', (_ctx, err) => console.error(err));
  return provider;
}

const servers = new Map(); // by their addresses

function start(mode = 'rotate', access = '3600') {
  const server = createServer();
  server.listen(0, '127.0.0.1', () => {
    const issuer = `http://127.0.0.1:${server.address().port}`;
    server.on('request', make(issuer, mode, access).callback());
    servers.set(issuer, server);
    console.log(`listening ${issuer}`);
  });
}

function end(issuer) {
  servers.get(issuer).close();
  servers.get(issuer).closeAllConnections();
  servers.delete(issuer);
  console.log('ended');
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [order, ...words] = line.split(' ');
    ({ start, end })[order](...words);
  })
  .on('close', () => process.exit(0));
