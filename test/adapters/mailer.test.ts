import { inspect } from 'node:util';
import { SESClient } from '@aws-sdk/client-ses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMailer } from '../../functions/adapters/ses/mailer.ts';
import { tellPasswordChanged } from '../../functions/browser/password-change-notice.ts';
import { parseCells } from '../../functions/core/cells.ts';
import { UnavailableError } from '../../functions/core/errors.ts';
import type { Mailer } from '../../functions/core/ports/mailer.ts';
import { parseHead } from '../../functions/http/request.ts';
import { createSesService, type SesService } from '../../local/ses/service.ts';
import { eventOf } from '../http/events.ts';
import { movableClock } from '../local/dynamodb-fixtures.ts';
import { ACCOUNT, REGION, type ServiceEndpoint, serve } from '../local/service-endpoint.ts';

const MAIL = { subject: 'Your code', text: 'text', html: '<p>text</p>' };
const REFUSED = 'ada@example.invalid';

let service: SesService;
let endpoint: ServiceEndpoint;
let client: SESClient;
let mailer: Mailer;
beforeAll(async () => {
  service = createSesService({ region: REGION, account: ACCOUNT, clock: movableClock() });
  endpoint = await serve(service);
  client = new SESClient(endpoint.client);
  mailer = createMailer(client, 'no-reply@example.com');
});
afterAll(async () => {
  client.destroy();
  await endpoint.close();
});

describe('a mail', () => {
  it('that SES refuses has not left, which the caller can try again later', async () => {
    const sending = mailer.send(REFUSED, MAIL);
    await expect(sending).rejects.toBeInstanceOf(UnavailableError);
    await expect(sending).rejects.toMatchObject({ cause: { name: 'MessageRejected' } });
  });

  it('that SES refuses leaves no address in the error, however it is printed', async () => {
    const error: unknown = await mailer.send(REFUSED, MAIL).catch((refusal: unknown) => refusal);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('example.invalid');
  });
});

describe('news of a changed password', () => {
  const settings = { productName: 'Shop', issuer: 'https://id.example' };
  const cells = parseCells('eu', 'eu=https://id.example', 'eu=eu-central-1');
  const http = parseHead(eventOf());
  const tell = (by: Mailer, email: string) =>
    tellPasswordChanged({ cells, mailer: by, settings }, http, { email, locales: ['en'] });

  it('reaches the mailbox', async () => {
    expect(await tell(mailer, 'ada@example.com')).toEqual([]);
    expect(service.inbox('ada@example.com')[0]?.subject).toContain('has been changed');
  });

  it('never fails what was done: that it did not leave is counted', async () => {
    const broken: Mailer = { send: () => Promise.reject(new TypeError('a mistake')) };
    expect(await tell(mailer, REFUSED)).toEqual(['PasswordChangeNotTold']);
    expect(await tell(broken, 'ada@example.com')).toEqual(['PasswordChangeNotTold']);
  });
});
