import { get } from './api.js';
import { empty, h, time } from './dom.js';

const SHOWN_REQUESTS = 60;

export const calls = {
  title: 'AWS calls',
  async load() {
    const [records, requests] = await Promise.all([get('calls'), get('requests')]);
    return { records: records.slice(-600), requests };
  },
  render({ records, requests }) {
    if (records.length === 0) {
      return [empty('No AWS call yet', 'Every call that a function makes appears here.')];
    }
    const groups = groupByRequest(records);
    return [
      h(
        'p.soft',
        {},
        'Calls per request, newest first. Depth counts the round trips that had to wait for one another.',
      ),
      ...groups.slice(0, SHOWN_REQUESTS).map((group) => request(group, requests)),
    ];
  },
};

function groupByRequest(records) {
  const groups = new Map();
  for (const record of records) {
    const key = record.requestId ?? `${record.principal} ${record.seq}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups].map(([key, calls]) => ({ key, calls })).reverse();
}

function request({ key, calls: own }, requests) {
  const known = requests.find(({ requestId }) => requestId === key);
  const startMs = Math.min(...own.map(({ at }) => Date.parse(at)));
  const endMs = Math.max(...own.map(({ at, durationMs }) => Date.parse(at) + durationMs));
  const depth = Math.max(...own.map((call) => call.depth));
  const { callerRegion, parentRequestId } = own[0];
  const abroad = own.filter((call) => isAbroad(call)).length;
  const kms = own.filter(({ service }) => service === 'kms').length;
  return h(
    'article.card.request',
    {},
    h(
      'div.row',
      {},
      h('strong.grow', {}, known ? `${known.method} ${known.path}` : own[0].principal),
      known && h('span', { className: `status s${String(known.status)[0]}` }, known.status),
      h('span.badge', {}, `${own.length} ${own.length === 1 ? 'call' : 'calls'}`),
      h('span.badge', {}, `depth ${depth}`),
      callerRegion !== undefined && h('span.badge', {}, callerRegion),
      abroad > 0 && h('span.badge.warn', {}, `${abroad} to other regions`),
      kms > 0 && h('span.badge', {}, `${kms} KMS`),
      h('span.soft', {}, known ? `${known.durationMs} ms, ` : '', time(own[0].at)),
    ),
    parentRequestId !== undefined &&
      h('p.soft', {}, 'Asked for by ', nameOf(parentRequestId, requests), ' in another cell'),
    h('ul.waterfall', {}, ...own.map((call) => bar(call, startMs, Math.max(1, endMs - startMs)))),
  );
}

function isAbroad({ callerRegion, region }) {
  return callerRegion !== undefined && callerRegion !== region;
}

function nameOf(requestId, requests) {
  const known = requests.find((one) => one.requestId === requestId);
  return known === undefined ? requestId : `${known.method} ${known.path}`;
}

function bar(call, startMs, totalMs) {
  const fill = h('span.fill', { className: `fill ${call.service}` });
  fill.style.marginLeft = `${((Date.parse(call.at) - startMs) / totalMs) * 100}%`;
  fill.style.width = `${Math.max(1.5, (call.durationMs / totalMs) * 100)}%`;
  const isOk = call.outcome === 'ok';
  return h(
    'li.bar',
    { title: call.resource },
    h('span.depth', {}, call.depth),
    h(
      'span.operation',
      {},
      call.operation,
      h('small.operation-resource', {}, names(call.resource) || call.service),
      isAbroad(call) && h('span.badge.warn', {}, call.region),
    ),
    h('span.track', {}, fill),
    h('span.duration', {}, `${call.durationMs} ms`),
    !isOk && h('span.outcome', {}, call.outcome),
  );
}

/** The ends of ARNs: a table's or a key's name. */
function names(resources) {
  return resources
    .split(' ')
    .map((arn) => arn.split(/[/:]/).at(-1))
    .map((name) => (name.length > 24 ? `${name.slice(0, 12)}…` : name))
    .join(', ');
}
