/** The form of SendEmail: `Destination.ToAddresses.member.1`, `Message.Body.Text.Data`… */
import { AwsError } from '../types.ts';
import type { Mail } from './inbox.ts';
import { type MailAddress, parseMailAddress } from './mail-address.ts';

type Form = Readonly<Record<string, unknown>>;

const RECIPIENT_LIMIT = 50;

/** Throws InvalidParameterValue or ValidationError as SES does. */
export function readMail(form: Form): Mail {
  const from = requireSender(form);
  const recipients = recipientsOf(form);
  if (recipients.length === 0) throw new AwsError('InvalidParameterValue', 'Missing destination.');
  if (recipients.length > RECIPIENT_LIMIT) {
    throw new AwsError('InvalidParameterValue', 'Recipient count exceeds 50.');
  }
  for (const recipient of recipients) requireAddress(recipient);
  const text = textAt(form, 'Message.Body.Text.Data');
  const html = textAt(form, 'Message.Body.Html.Data');
  const subject = textAt(form, 'Message.Subject.Data');
  if (subject === '') throw missing('message.subject');
  if (text === '' && html === '') throw missing('message.body');
  const addresses = recipients.map((one) => requireAddress(one).address);
  return { from, recipients: addresses, subject, text, html };
}

/** `Source`, or undefined when it is no mailbox. */
export function findSender(form: Form): MailAddress | undefined {
  return parseMailAddress(textAt(form, 'Source'));
}

/** To, Cc and Bcc as written. */
export function recipientsOf(form: Form): ReadonlyArray<string> {
  return Object.entries(form).flatMap(([name, value]) =>
    /^Destination\.(?:To|Cc|Bcc)Addresses\.member\.\d+$/.test(name) && typeof value === 'string'
      ? [value]
      : [],
  );
}

function requireSender(form: Form): string {
  const source = textAt(form, 'Source');
  if (source === '') throw missing('source');
  requireAddress(source);
  return source;
}

/** Errors reach logs, so they do not repeat the address. */
function requireAddress(text: string): MailAddress {
  const address = parseMailAddress(text);
  if (address) return address;
  const detail = text.includes('@')
    ? 'Domain or local part is malformed'
    : "Missing final '@domain'";
  throw new AwsError('InvalidParameterValue', detail);
}

function missing(member: string): AwsError {
  return new AwsError(
    'ValidationError',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

function textAt(form: Form, name: string): string {
  const value = form[name];
  return typeof value === 'string' ? value : '';
}
