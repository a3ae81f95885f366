import { HttpError } from '../core/errors.ts';
import { renderProblem } from '../http/error-responses.ts';
import type { Endpoint } from '../http/message.ts';

/** Every path that no route has: a page for people, a problem (RFC 9457) for programs. */
export const notFound: Endpoint = async ({ headers }) => {
  const error = new HttpError(404, 'there is nothing here');
  const isBrowser = headers.get('accept')?.includes('text/html') === true;
  if (isBrowser) throw error;
  return renderProblem(error);
};
