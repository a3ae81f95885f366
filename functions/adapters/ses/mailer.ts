import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import type { Mailer } from '../../core/ports/mailer.ts';
import { AWS_CLIENT_SETTINGS, callAws } from '../aws-errors.ts';

/** One client per container. */
export function createSes(): SESClient {
  return new SESClient(AWS_CLIENT_SETTINGS);
}

/** Sends from the configured address, which must be a verified identity of SES. */
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
      await callAws('SES', () => ses.send(command));
    },
  };
}
