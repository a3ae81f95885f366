import { get } from './api.js';
import { h, json } from './dom.js';

const state = { isUnusedOnly: false };

export const grants = {
  title: 'Permissions',
  load: () => get('grants'),
  render({ statements, usage }, { redraw }) {
    const toggle = () => {
      state.isUnusedOnly = !state.isUnusedOnly;
      redraw();
    };
    const unused = usage.filter(({ calls }) => calls === 0).length;
    const owners = Map.groupBy(statements, ({ owner }) => owner);
    return [
      h(
        'div.row',
        {},
        h(
          'p.soft.grow',
          {},
          `${usage.length} grants in the template; ${unused} not used since the start. `,
          'Every AWS call is decided by them.',
        ),
        h(
          'button.small',
          { type: 'button', 'aria-pressed': state.isUnusedOnly, onclick: toggle },
          'Unused only',
        ),
      ),
      ...[...owners].map(([owner, own]) => section(owner, own, usage)),
    ];
  },
};

function section(owner, statements, usage) {
  const cards = statements
    .map((statement) => card(statement, usage))
    .filter((element) => element !== undefined);
  if (cards.length === 0) return undefined;
  return h('section', {}, h('h2.owner', {}, describeOwner(owner)), ...cards);
}

function card({ id, owner, json: statement }, usage) {
  const own = usage.filter((grant) => grant.statementId === id && grant.owner === owner);
  const shown = state.isUnusedOnly ? own.filter(({ calls }) => calls === 0) : own;
  if (shown.length === 0) return undefined;
  return h(
    'details.card.item',
    { 'data-key': `${owner} ${id}` },
    h(
      'summary',
      {},
      h('span.grow', {}, statement.Sid ?? id),
      ...shown.map(({ action, calls }) =>
        h('span', { className: calls === 0 ? 'grant unused' : 'grant' }, `${action} ${calls}`),
      ),
    ),
    h('p.soft', {}, id),
    json(statement),
  );
}

/** `arn:aws:kms:eu-central-1:…:key/mrk-1` → `Key mrk-1, eu-central-1`; roles have no region. */
function describeOwner(arn) {
  const [, , service, region] = arn.split(':');
  const kind = { iam: 'Role', kms: 'Key', lambda: 'Function' }[service] ?? service;
  const name = `${kind} ${arn.split(/[/:]/).at(-1)}`;
  return region === '' ? name : `${name}, ${region}`;
}
