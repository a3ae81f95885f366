import type { PageContext, View } from '../view.ts';
import type { Voice } from '../voice.tsx';

/** What the component of one page is given. */
export interface ViewProps<Page extends View['page']> {
  readonly view: Extract<View, { page: Page }>;
  readonly voice: Voice;
  readonly context: PageContext;
}
