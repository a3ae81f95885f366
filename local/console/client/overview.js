import { get } from './api.js';
import { copyButton, h } from './dom.js';

export const overview = {
  title: 'Overview',
  async load() {
    const [seed, cells, inbox, requests] = await Promise.all(
      ['seed', 'cells', 'inbox', 'requests'].map(get),
    );
    return { seed, cells, mails: inbox.length, requests: requests.slice(0, 6) };
  },
  render({ seed, cells, mails, requests }) {
    return [
      h('section.tiles', {}, ...apps(seed), ...places(seed, mails)),
      h('h2', {}, 'Clients'),
      h('div.cards', {}, ...seed.clients.map(client)),
      h('h2', {}, 'Cells'),
      h('div.cards', {}, ...cells.map(cell)),
      h('h2', {}, 'Latest requests'),
      requests.length === 0
        ? h('p.soft', {}, 'None yet. Open the shop and sign in.')
        : h('ul.lines', {}, ...requests.map(request)),
      h('h2', {}, 'For AWS clients'),
      h(
        'p.soft',
        {},
        'The SDK and the AWS CLI reach this cloud through its endpoint, as operator: ',
        h('code', {}, seed.aws.endpoint),
      ),
    ];
  },
};

function apps({ clients }) {
  return clients
    .filter(({ appUrl }) => appUrl !== undefined)
    .map(({ appUrl, client: { client_name: name } }) => tile(appUrl, name, 'Demo app'));
}

function places({ issuer }, mails) {
  return [
    tile(`${issuer}/account`, 'Account', 'The customer’s own page'),
    tile('#/inbox', 'Inbox', mails === 1 ? '1 message' : `${mails} messages`),
    tile(`${issuer}/.well-known/openid-configuration`, 'Discovery', 'OpenID Connect metadata'),
    tile(`${issuer}/oauth2/jwks`, 'Keys', 'JSON Web Key Set'),
  ];
}

function tile(href, title, detail) {
  const isOutside = !href.startsWith('#');
  return h(
    'a.tile',
    { href, ...(isOutside && { target: '_blank', rel: 'noreferrer' }) },
    h('strong.tile-title', {}, title),
    h('span.tile-detail', {}, detail),
  );
}

function client({ role, client: { client_id: id, client_secret: secret } }) {
  return h(
    'article.card',
    {},
    h('h3', {}, id),
    h('p.soft', {}, role === 'administrator' ? 'client credentials' : 'authorization code, PKCE'),
    secret === undefined
      ? h('p.soft', {}, 'Public: it has no secret.')
      : h('p.secret', {}, h('code', {}, secret), copyButton(secret, 'Copy')),
  );
}

function cell({ name, region, url, state, isEntry, residents }) {
  return h(
    'article.card',
    {},
    h(
      'div.row',
      {},
      h('h3', {}, name),
      h('span.badge', {}, region),
      isEntry && h('span.badge.accent', {}, 'answers the issuer'),
      state === 'down' && h('span.badge.bad', {}, 'down'),
    ),
    h('p', {}, h('a', { href: url, target: '_blank', rel: 'noreferrer' }, url)),
    h('p.soft', {}, residents === 1 ? '1 resident' : `${residents} residents`),
  );
}

function request({ method, path, status, durationMs, region }) {
  return h(
    'li.line',
    {},
    h('span.method', {}, method),
    h('span.grow', {}, path),
    h('span.soft', {}, region),
    h('span', { className: `status s${String(status)[0]}` }, status),
    h('span.soft', {}, `${durationMs} ms`),
  );
}
