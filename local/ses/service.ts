import {
  AwsError,
  type AwsRequest,
  type AwsService,
  type Clock,
  type InboxMessage,
} from '../types.ts';
import { createInbox, type Mail } from './inbox.ts';
import { domainOf, isRefused, parseMailAddress } from './mail-address.ts';
import { findSender, readMail, recipientsOf } from './send-email.ts';
import { renderXmlResult } from './xml.ts';

export interface SesOptions {
  readonly region: string;
  readonly account: string;
  readonly clock: Clock;
}

export interface SesService extends AwsService {
  /** Newest first, at most 1,000; of one recipient when `to` is given. */
  inbox(to?: string): ReadonlyArray<InboxMessage>;
  reset(): void;
}

/**
 * SES of one region (Query protocol: form in, XML out; errors by `renderXmlError`). Every sender
 * whose address is well formed counts as verified, by its domain; recipients under `.invalid` are
 * refused.
 */
export function createSesService(options: SesOptions): SesService {
  const { region, clock } = options;
  const inbox = createInbox(region);
  return {
    authorizations: (request) => authorizationsOf(options, request),
    async handle({ operation, input }) {
      if (operation === 'SendEmail') {
        const mail = readMail(input);
        requireAccepted(mail, region);
        const messageId = inbox.deliver(mail, new Date(clock.nowMs()));
        return renderXmlResult(operation, { MessageId: messageId });
      }
      if (operation === 'GetSendQuota') {
        const sent = countSince(inbox.messages(), clock.nowMs() - 86_400_000);
        const quota = { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: sent };
        return renderXmlResult(operation, quota);
      }
      throw new AwsError('InvalidAction', `${operation} is not emulated locally; use SendEmail`);
    },
    inbox: inbox.messages,
    reset: inbox.clear,
  };
}

/** In SES's words, recipient included: whoever logs them has a personal datum in the log. */
function requireAccepted({ recipients }: Mail, region: string): void {
  const refused = recipients.filter(isRefused);
  if (refused.length === 0) return;
  throw new AwsError(
    'MessageRejected',
    'Email address is not verified. The following identities failed the check in region ' +
      `${region.toUpperCase()}: ${refused.join(', ')}`,
  );
}

function countSince(messages: ReadonlyArray<InboxMessage>, sinceMs: number): number {
  return messages.filter(({ at }) => Date.parse(at) > sinceMs).length;
}

function authorizationsOf({ region, account }: SesOptions, { operation, input }: AwsRequest) {
  const action = `ses:${operation}`;
  const sender = findSender(input);
  // Other operations have no resource; a malformed sender is refused right after this.
  if (operation !== 'SendEmail' || !sender) return [{ action, resource: '*', context: {} }];
  const arn = (resource: string) => `arn:aws:ses:${region}:${account}:${resource}`;
  const recipients = recipientsOf(input).map((one) => parseMailAddress(one)?.address ?? one);
  const context = {
    'ses:ApiVersion': ['1'],
    'ses:FromAddress': [sender.address],
    ...(sender.displayName !== undefined && { 'ses:FromDisplayName': [sender.displayName] }),
    'ses:Recipients': recipients,
  };
  const configurationSet = input['ConfigurationSetName'];
  return [
    arn(`identity/${domainOf(sender.address)}`),
    ...(typeof configurationSet === 'string' ? [arn(`configuration-set/${configurationSet}`)] : []),
  ].map((resource) => ({ action, resource, context }));
}
