import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { UnavailableError } from '../../core/errors.ts';
import type { Mailer } from '../../core/ports/mailer.ts';
import { AWS_CLIENT_SETTINGS } from '../aws-errors.ts';
import { silent } from '../silent-clients.ts';

/** One client per container. */
export function createSes(): SESClient {
  return silent(new SESClient(AWS_CLIENT_SETTINGS));
}

/**
 * Sends from the configured address, which must be a verified identity of SES. Whatever SES says,
 * the mail has not left: busy, refused and suspended are all UnavailableError.
 */
export function createMailer(ses: SESClient, fromAddress: string): Mailer {
  return {
    async send(to, mail) {
      const command = new SendEmailCommand({
        Source: fromAddress,
        Destination: { ToAddresses: [to] },
        Message: {
          Subject: { Charset: 'UTF-8', Data: mail.subject },
          Body: {
            Text: { Charset: 'UTF-8', Data: mail.text },
            Html: { Charset: 'UTF-8', Data: mail.html },
          },
        },
      });
      try {
        await ses.send(command);
      } catch (error) {
        throw new UnavailableError('SES', withoutAddress(error));
      }
    },
  };
}

/** SES's refusals quote the recipient: of an error nothing but its name may reach a log. */
function withoutAddress(error: unknown): Error {
  const bare = new Error();
  bare.name = error instanceof Error ? error.name : typeof error;
  return bare;
}
