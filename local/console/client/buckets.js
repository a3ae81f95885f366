import { get } from './api.js';
import { empty, h } from './dom.js';
import { badgeOfLock, bytes } from './object-facts.js';

/** Region and name of the bucket that is open. */
const state = { key: undefined };
const SHOWN_OBJECTS = 200;

export const buckets = {
  title: 'Buckets',
  async load() {
    const all = (await get('buckets')).map((one) => ({ ...one, key: `${one.region}/${one.name}` }));
    const open = all.find(({ key }) => key === state.key) ?? all[0];
    const objects = open === undefined ? [] : await get(`buckets/${open.key}`);
    return { all, open, objects };
  },
  render({ all, open, objects }, { reload }) {
    if (open === undefined) {
      return [empty('No buckets', 'The stacks that are deployed declare none.')];
    }
    const choose = (key) => () => {
      state.key = key;
      reload();
    };
    return [
      ...[...Map.groupBy(all, ({ region }) => region)].map(([region, own]) =>
        h(
          'div.segments.wrap.region',
          {},
          h('span.region-name', {}, region),
          ...own.map(({ name, key }) =>
            h(
              'button.small',
              { type: 'button', 'aria-pressed': key === open.key, onclick: choose(key) },
              name,
            ),
          ),
        ),
      ),
      summary(open),
      ...(objects.length === 0
        ? [empty('This bucket is empty', 'Ask for an export of your data: it is made here.')]
        : [...Map.groupBy(objects.slice(0, SHOWN_OBJECTS), ({ key }) => key)].map(object)),
      objects.length > SHOWN_OBJECTS &&
        h('p.soft', {}, `${objects.length - SHOWN_OBJECTS} more are not shown.`),
    ];
  },
};

function summary({ objects, size, isVersioned, uploadsUnderWay }) {
  return h(
    'p.soft',
    {},
    `${objects} ${objects === 1 ? 'object' : 'objects'}, ${bytes(size)}`,
    isVersioned && ', with versions',
    uploadsUnderWay > 0 && `, ${uploadsUnderWay} being written in parts`,
    '. Bytes are not shown here: whoever reads them needs the right to.',
  );
}

function object([key, versions]) {
  const [newest] = versions;
  return h(
    'details.card.item',
    { 'data-key': key },
    h(
      'summary',
      {},
      h('code.grow', {}, key),
      newest.isDeleteMarker
        ? h('span.badge.bad', {}, 'deleted')
        : h('span.badge', {}, bytes(newest.size)),
      newest.keyArn !== undefined && h('span.sealed', {}, 'Sealed'),
      badgeOfLock(newest),
      versions.length > 1 && h('span.badge', {}, `${versions.length} versions`),
    ),
    ...versions.map((one) => version(one, versions.length > 1)),
  );
}

function version(one, isOneOfSeveral) {
  const { versionId, modifiedAt, size, contentType, keyArn, lockedUntil, lockMode, metadata } = one;
  const facts = [
    ['Written', new Date(modifiedAt).toLocaleString()],
    ['Size', one.isDeleteMarker ? 'none: a delete marker' : bytes(size)],
    ['Type', contentType],
    ['Encrypted by', keyArn ?? 'S3'],
    [
      'Locked',
      lockedUntil && `${lockMode.toLowerCase()}, until ${new Date(lockedUntil).toLocaleString()}`,
    ],
    ...Object.entries(metadata),
  ].filter(([, value]) => value !== undefined);
  return h(
    'section.version',
    {},
    isOneOfSeveral && h('p.soft', {}, 'Version ', h('code', {}, versionId)),
    h('dl', {}, ...facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
  );
}
