import { PRIVACY_STYLES } from './privacy-styles.ts';
import type { FurtherPages } from './render.tsx';
import { Export } from './views/export.tsx';
import { Privacy } from './views/privacy.tsx';
import { PrivacyAge } from './views/privacy-age.tsx';
import { AccountLeaving, PrivacyDelete } from './views/privacy-delete.tsx';
import { PrivacyExport } from './views/privacy-export.tsx';
import { PrivacyHistory } from './views/privacy-history.tsx';
import { PrivacyReceipt } from './views/privacy-receipt.tsx';

/** What people see and decide of their own data: pages of the surface `privacy` alone. */
export const PRIVACY_PAGES: FurtherPages = {
  styles: PRIVACY_STYLES,
  render: (view, common) => {
    switch (view.page) {
      case 'privacy':
        return <Privacy view={view} {...common} />;
      case 'privacy-age':
        return <PrivacyAge view={view} {...common} />;
      case 'privacy-history':
        return <PrivacyHistory view={view} {...common} />;
      case 'privacy-receipt':
        return <PrivacyReceipt view={view} {...common} />;
      case 'privacy-export':
        return <PrivacyExport view={view} {...common} />;
      case 'export':
        return <Export view={view} {...common} />;
      case 'privacy-delete':
        return <PrivacyDelete view={view} {...common} />;
      case 'account-leaving':
        return <AccountLeaving view={view} {...common} />;
    }
  },
};
