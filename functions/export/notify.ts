import { renderMail } from '../pages/mail.ts';
import { DONE, type ExportState, GONE } from './state.ts';

/**
 * Tells the person where the files are. Once: but SES takes no token that would make a mail one, so
 * that a crash between its answer and our note sends the same mail again.
 */
export const notify: ExportState = async (deps, requestId, now) => {
  const { request, progress } = await deps.runs.load(requestId);
  if (request.state !== 'ready' || request.expiresAt === undefined) return GONE;
  if (progress.mailedAt !== undefined) return DONE;
  const account = await deps.profiles.find(request.sub);
  if (account === undefined || account.status === 'closed') return GONE;
  const { email, locale } = account.attributes;
  const { settings } = deps;
  const mail = renderMail(
    {
      kind: 'export-ready',
      productName: settings.productName,
      link: `${settings.pagesUrl}/account/privacy/export/${requestId}`,
      until: request.expiresAt,
    },
    [locale, settings.defaultLanguage],
  );
  await deps.mailer.send(email, mail);
  await deps.runs.note(requestId, { ...progress, mailedAt: now });
  return DONE;
};
