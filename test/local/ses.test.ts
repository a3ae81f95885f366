import {
  GetSendQuotaCommand,
  SESClient,
  SendEmailCommand,
  SendRawEmailCommand,
} from '@aws-sdk/client-ses';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSesService, type SesService } from '../../local/ses/service.ts';
import { movableClock } from './dynamodb-fixtures.ts';
import { ACCOUNT, REGION, type ServiceEndpoint, serve } from './service-endpoint.ts';

let service: SesService;
let endpoint: ServiceEndpoint;
let client: SESClient;
const clock = movableClock();

beforeEach(async () => {
  service = createSesService({ region: REGION, account: ACCOUNT, clock });
  endpoint = await serve(service);
  client = new SESClient(endpoint.client);
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
});

function send(change: { source?: string; to?: ReadonlyArray<string>; text?: string } = {}) {
  return client.send(
    new SendEmailCommand({
      Source: change.source ?? 'Domicile <no-reply@domicile.example>',
      Destination: { ToAddresses: [...(change.to ?? ['ada@example.com'])] },
      Message: {
        Subject: { Data: 'Bestätigen & <los>', Charset: 'UTF-8' },
        Body: {
          Text: {
            Data:
              change.text ??
              'Code 123456.\nOr open https://id.example/verify?token=a.b_c-654321-d.',
            Charset: 'UTF-8',
          },
          Html: { Data: '<p>Code 123456</p>', Charset: 'UTF-8' },
        },
      },
    }),
  );
}

describe('SendEmail', () => {
  test('puts the mail into the inbox with its code and link', async () => {
    const { MessageId } = await send();
    expect(service.inbox('Ada@Example.com')).toEqual([
      {
        id: MessageId,
        at: '2026-01-01T00:00:00.000Z',
        region: REGION,
        channel: 'email',
        from: 'Domicile <no-reply@domicile.example>',
        to: 'ada@example.com',
        subject: 'Bestätigen & <los>',
        text: expect.stringContaining('Code 123456'),
        html: '<p>Code 123456</p>',
        codes: ['123456'],
        links: ['https://id.example/verify?token=a.b_c-654321-d'],
      },
    ]);
  });

  test('takes only runs of exactly six digits for codes', async () => {
    await send({ text: '12345 1234567 A123456 111222, (333444)' });
    expect(service.inbox()[0]?.codes).toEqual(['111222', '333444']);
  });

  test('delivers to each recipient, newest first', async () => {
    await send({ to: ['ada@example.com', 'bob@example.com'] });
    await send({ to: ['cyd@example.com'] });
    expect(service.inbox().map(({ to }) => to)).toEqual([
      'cyd@example.com',
      'bob@example.com',
      'ada@example.com',
    ]);
    expect(service.inbox('bob@example.com')).toHaveLength(1);
  });

  test('keeps at most 1,000 messages', async () => {
    const to = Array.from({ length: 50 }, (_, index) => `user${index}@example.com`);
    for (let batch = 0; batch < 21; batch += 1) await send({ to });
    expect(service.inbox()).toHaveLength(1000);
  });

  test.each([
    ['a sender without a domain', { source: 'nobody' }, "Missing final '@domain'"],
    ['a sender with a space', { source: 'no body@example.com' }, 'malformed'],
    ['a recipient that is no address', { to: ['ada@'] }, 'malformed'],
    ['no recipient', { to: [] }, 'Missing destination'],
  ])('refuses %s', async (_, change, message) => {
    await expect(send(change)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining(message),
    });
    expect(service.inbox()).toEqual([]);
  });
});

test('a recipient under .invalid is refused as SES refuses one, address included', async () => {
  await expect(send({ to: ['ada@example.invalid'] })).rejects.toMatchObject({
    name: 'MessageRejected',
    message: expect.stringContaining('EU-CENTRAL-1: ada@example.invalid'),
  });
  expect(service.inbox()).toEqual([]);
});

test('GetSendQuota counts the last 24 hours', async () => {
  await send();
  expect((await client.send(new GetSendQuotaCommand({}))).SentLast24Hours).toBe(1);
  clock.advance(86_401);
  expect((await client.send(new GetSendQuotaCommand({}))).SentLast24Hours).toBe(0);
});

test('SendRawEmail is refused in plain words', async () => {
  const raw = new SendRawEmailCommand({ RawMessage: { Data: Buffer.from('Subject: x') } });
  await expect(client.send(raw)).rejects.toThrow('not emulated locally');
});

describe('authorization', () => {
  const request = (input: Record<string, string>) => ({
    service: 'ses',
    region: REGION,
    operation: 'SendEmail',
    principal: { roleArn: `arn:aws:iam::${ACCOUNT}:role/x`, name: 'x' },
    headers: {},
    input,
  });

  test('asks for the identity of the sender with sender and recipients', () => {
    const input = {
      Source: 'Domicile <no-reply@domicile.example>',
      'Destination.ToAddresses.member.1': 'ada@example.com',
    };
    expect(service.authorizations(request(input))).toEqual([
      {
        action: 'ses:SendEmail',
        resource: `arn:aws:ses:${REGION}:${ACCOUNT}:identity/domicile.example`,
        context: {
          'ses:ApiVersion': ['1'],
          'ses:FromAddress': ['no-reply@domicile.example'],
          'ses:FromDisplayName': ['Domicile'],
          'ses:Recipients': ['ada@example.com'],
        },
      },
    ]);
  });

  test('a configuration set is asked for as well', () => {
    const input = { Source: 'a@b.example', ConfigurationSetName: 'mails' };
    expect(service.authorizations(request(input)).map(({ resource }) => resource)).toEqual([
      `arn:aws:ses:${REGION}:${ACCOUNT}:identity/b.example`,
      `arn:aws:ses:${REGION}:${ACCOUNT}:configuration-set/mails`,
    ]);
  });
});
