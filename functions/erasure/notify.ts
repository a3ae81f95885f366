import { renderMail } from '../pages/mail.ts';
import { DONE, type State } from './state.ts';

/**
 * The last mail, with the certificate's address; then nothing knows the person's any more. Once: but
 * SES takes no token that would make a mail one, so that a crash between its answer and our note
 * sends the same mail again.
 */
export const notify: State = async ({ erasures, contacts, proof }, { requestId }, now) => {
  const { facts, certificateId } = await erasures.load(requestId);
  if (certificateId === undefined || facts?.unreadableFrom === undefined) {
    throw new Error('the erasure is not certified');
  }
  const contact = facts.notifiedAt === undefined ? await contacts.find(requestId) : undefined;
  const { mailer, settings } = proof;
  if (contact !== undefined) {
    const mail = renderMail(
      {
        kind: 'erasure-done',
        productName: settings.productName,
        certificateUrl: `${settings.places.issuer}/v1/privacy/certificates/${certificateId}`,
        unreadableFrom: facts.unreadableFrom,
      },
      [contact.locale, settings.defaultLanguage],
    );
    await mailer.send(contact.email, mail);
  }
  if (facts.notifiedAt === undefined) await erasures.note(requestId, { notifiedAt: now });
  await contacts.forget(requestId);
  return DONE;
};
