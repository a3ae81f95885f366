/**
 * Time limits of calls against those of functions, in real time: what never answers is given up before
 * the function that called it runs out of time, so that the caller reads a 503 of ours and nothing is
 * used up. All that is waited for is waited for side by side.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, type JsonAnswer, redeem, registerApp, requireText } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { obtainCode } from '../harness/journeys.ts';
import { plantResident, requireUrl } from './residents.ts';

/** More than any request's retries. */
const FOR_AS_LONG_AS_IT_LASTS = 1000;
/** For as long a cell that was silent is left alone. */
const LEFT_ALONE_SECONDS = 15;

let cloud: TestCloud;
let shop: App;
type Obtained = Awaited<ReturnType<typeof obtainCode>>;
/** Of somebody at home in each cell. */
let ofEu: Obtained;
let ofUs: Obtained;
let withoutDatabase: JsonAnswer;
let withoutOtherCell: JsonAnswer;

beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', 'us'], pauses: 'real' });
  shop = await registerApp(cloud);
  await cloud.flushReplication();
  ofEu = await obtainCode(cloud, (await plantResident(cloud, 'eu')).agent, shop);
  ofUs = await obtainCode(cloud, (await plantResident(cloud, 'us')).agent, shop);

  // Both through the cell eu: neither makes the call that the other one waits for.
  silence({ service: 'dynamodb', operation: 'UpdateItem' });
  silence({ service: 'lambda', operation: 'Invoke' });
  [withoutDatabase, withoutOtherCell] = await Promise.all([redeemHere(ofEu), redeemHere(ofUs)]);
  cloud.clearFaults();
  await cloud.advance(LEFT_ALONE_SECONDS);
});
afterAll(() => cloud?.close());

function silence(calls: { readonly service: string; readonly operation: string }): void {
  cloud.fault({ ...calls, kind: 'timeout', times: FOR_AS_LONG_AS_IT_LASTS });
}

function redeemHere({ attempt, code }: Obtained): Promise<JsonAnswer> {
  return redeem({ issuer: requireUrl(cloud, 'eu') }, attempt, code);
}

describe.each([
  ['a service', () => withoutDatabase, () => ofEu],
  ['another cell', () => withoutOtherCell, () => ofUs],
])('%s that never answers', (_what, refused, obtained) => {
  test('is given up before the function runs out of time', () => {
    const { status, headers, json } = refused();
    const error = json['error'];
    expect({ status, error }).toEqual({ status: 503, error: 'temporarily_unavailable' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('has used up nothing: the same code works afterwards', async () => {
    requireText(await redeemHere(obtained()), 'refresh_token');
  });
});
