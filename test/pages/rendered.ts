import { PRIVACY_PAGES } from '../../functions/pages/privacy-pages.tsx';
import { renderPage as render } from '../../functions/pages/render.tsx';
import type { PageContext, View } from '../../functions/pages/view.ts';

/** Any page, whichever surface shows it. */
export function renderPage(view: View, context: PageContext): string {
  return render(view, context, PRIVACY_PAGES);
}
