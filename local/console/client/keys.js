import { get, post } from './api.js';
import { copyButton, empty, h } from './dom.js';

/** Partition of the directory that holds them, and the rotation under way (docs/data-model.md). */
const PARTITION = 'SIGNING-KEYS';
const ROTATION = 'ROTATION';
const STATES = {
  created: 'in KMS, not published yet',
  next: 'published, does not sign yet',
  active: 'signs',
  retiring: 'signs no more, still published',
  gone: 'published no more',
};

export const keys = {
  title: 'Keys',
  async load() {
    const [primary] = await get('cells');
    const items = await get(`tables/${primary.region}/domicile-directory`);
    const own = items.filter(({ pk }) => pk === PARTITION);
    return {
      signing: own.filter(({ sk }) => sk !== ROTATION).sort(newestFirst),
      rotation: own.find(({ sk }) => sk === ROTATION),
    };
  },
  render({ signing, rotation }, { act }) {
    return [
      h(
        'p.soft',
        {},
        'KMS signs, with the same keys in every region. Each moves from next to active, retiring and gone.',
      ),
      signing.length === 0 && empty('No signing key', 'Provisioning makes the first ones.'),
      ...['RS256', 'ES256'].flatMap((algorithm) => generations(algorithm, signing)),
      ...rotate(rotation, act),
    ].filter((node) => node !== false);
  },
};

function newestFirst(one, other) {
  return (other.createdAt ?? 0) - (one.createdAt ?? 0);
}

function generations(algorithm, signing) {
  const own = signing.filter(({ alg }) => alg === algorithm);
  if (own.length === 0) return [];
  return [h('h2', {}, algorithm), h('ul.lines', {}, ...own.map(generation))];
}

function generation({ sk: kid, state, keyId, since, createdAt }) {
  return h(
    'li.line.key',
    {},
    h('span', { className: `badge key-state ${state}` }, state),
    h(
      'span.grow',
      {},
      h('code', {}, kid),
      h('br'),
      h('span.soft', {}, STATES[state] ?? '', h('span.key-id', {}, keyId ?? '')),
    ),
    h('span.soft', {}, 'since ', date(since ?? createdAt)),
    copyButton(kid, 'Copy kid'),
  );
}

/** A key keeps its state for days: the time alone would not do. */
function date(epochSeconds) {
  const at = new Date(epochSeconds * 1000);
  const shown = at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return h('time', { dateTime: at.toISOString() }, shown);
}

function rotate(rotation, act) {
  const isRunning = rotation !== undefined && rotation.finishedAt === undefined;
  const start = (mode) => () => act(() => post('rotations', { mode }));
  return [
    h('h2', {}, 'Rotation'),
    h(
      'p.soft',
      {},
      isRunning
        ? 'One is under way, and goes on as the clock does: see the '
        : 'Verifiers with a cached key set notice nothing of it. Follow it among the ',
      h('a', { href: '#/executions' }, 'executions'),
      '.',
    ),
    h(
      'div.row',
      {},
      h('button', { type: 'button', disabled: isRunning, onclick: start('on-demand') }, 'Rotate'),
      h('button.danger', { type: 'button', onclick: () => confirmEmergency(start) }, 'Emergency…'),
    ),
  ];
}

function confirmEmergency(start) {
  const dialog = h(
    'dialog',
    { onclose: () => dialog.remove() },
    h('h2.dialog-title', {}, 'Revoke the active keys at once?'),
    h('p', {}, 'Every token that they have signed is refused from then on. New keys sign.'),
    h(
      'div.row.dialog-actions',
      {},
      h('button.quiet', { type: 'button', onclick: () => dialog.close() }, 'Keep'),
      h(
        'button.danger',
        {
          type: 'button',
          onclick: () => {
            dialog.close();
            start('emergency')();
          },
        },
        'Revoke',
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}
