import { get } from './api.js';
import { day, empty, h, json } from './dom.js';

const SHOWN = 100;
const PROCESSOR = 'PROCESSOR#';

export const events = {
  title: 'Events',
  async load() {
    const [all, queues] = await Promise.all([get('events'), get('queues')]);
    const shown = all.toReversed().slice(0, SHOWN);
    const isAsking = shown.some(({ detail }) => detail.acknowledgement !== undefined);
    return { shown, queues, answers: isAsking ? await loadAnswers() : {} };
  },
  render({ shown, queues, answers }, { act }) {
    return [
      h(
        'p.soft.lead',
        {},
        'What is put on the bus for processors. On AWS your own rules take it to them; here you can ' +
          'acknowledge in their place.',
      ),
      ...(shown.length === 0
        ? [
            empty(
              'Nothing has been told yet',
              'An erasure, once its grace is over, tells processors here.',
            ),
          ]
        : shown.map((one) => event(one, answers, act))),
      ...queues.flatMap(queue),
    ];
  },
};

/** By request and processor: what the records tell of it. */
async function loadAnswers() {
  const cells = await get('cells');
  const places = cells.flatMap(({ region, tables }) =>
    tables
      .filter((name) => name.startsWith('domicile-records-'))
      .map((name) => `${region}/${name}`),
  );
  const items = (await Promise.all(places.map((place) => get(`tables/${place}`)))).flat();
  return Object.fromEntries(
    items
      .filter(({ sk }) => sk.startsWith(PROCESSOR))
      .map(({ pk, sk, acknowledgedAt, overdueAt }) => [
        `${pk.slice('REQUEST#'.length)} ${sk.slice(PROCESSOR.length)}`,
        { acknowledgedAt, overdueAt },
      ]),
  );
}

function event({ seq, at, region, bus, detailType, detail }, answers, act) {
  const answer = answers[`${detail.requestId} ${detail.processorId}`];
  return h(
    'details.card.item',
    { 'data-key': String(seq) },
    h(
      'summary',
      {},
      h('strong', {}, detailType),
      h('span.grow', {}, detail.processorId ?? ''),
      detail.acknowledgement !== undefined && badgeOfAnswer(answer),
      h('span.soft', {}, region),
      h('span.soft', {}, day(at)),
    ),
    h(
      'div.row',
      {},
      h('span.soft.grow', {}, `On ${bus}`),
      detail.acknowledgement !== undefined &&
        answer?.acknowledgedAt === undefined &&
        button(detail, act),
    ),
    json(detail),
  );
}

function badgeOfAnswer({ acknowledgedAt, overdueAt } = {}) {
  if (acknowledgedAt !== undefined) return h('span.badge.good', {}, 'acknowledged');
  if (overdueAt !== undefined) return h('span.badge.bad', {}, 'overdue');
  return h('span.badge.accent', {}, 'waits for an answer');
}

function button({ acknowledgement, processorId }, act) {
  return h(
    'button.small',
    {
      type: 'button',
      'aria-label': `Acknowledge as ${processorId}`,
      onclick: () => act(() => acknowledge(acknowledgement)),
    },
    'Acknowledge',
  );
}

/** As a processor does it, by the API of the deployment. */
async function acknowledge(acknowledgement) {
  const response = await fetch('/v1/privacy/acknowledgements', {
    method: 'POST',
    body: JSON.stringify({ acknowledgement }),
    headers: { 'content-type': 'application/json' },
  });
  if (response.ok) return;
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.detail ?? problem.title ?? `status ${response.status}`);
}

/** Where consumers of streams leave what they could not work on; shown only once there is some. */
function queue({ name, region, messages }) {
  if (messages.length === 0) return [];
  return [
    h('h2', {}, name),
    h('p.soft', {}, `${region}: given up after every attempt, and kept for an operator.`),
    ...messages.map(({ id, at, body }) =>
      h(
        'details.card.item',
        { 'data-key': id },
        h('summary', {}, h('code.grow', {}, id), h('span.soft', {}, day(at))),
        json(body),
      ),
    ),
  ];
}
