import type { ShownCertificate } from '../../functions/pages/certificate/certificate-page.tsx';

const ISSUER = 'https://id.example.com';
const ID = 'eu.q5mVx0J3b8LrWn2yTkZc7A';

export const CERTIFICATE: ShownCertificate = {
  certificateId: ID,
  issuedAt: '2026-12-06T09:15:20Z',
  issuer: ISSUER,
  url: `${ISSUER}/v1/privacy/certificates/${ID}`,
  claims: {
    sub: 'eu.4Zr0sW1mQvC8dYpLkTnB2g',
    erasure: {
      requestedAt: '2026-11-22T05:40:00Z',
      requestedBy: 'person',
      closedAt: '2026-12-06T07:40:00Z',
      deleted: {
        region: 'eu-central-1',
        table: 'domicile-data-eu',
        items: { ACCOUNT: 1, PASSWORD: 1, SESSION: 3, 'NEWER-ENTITY': 2 },
        completedAt: '2026-12-06T07:41:00Z',
      },
      key: { destroyedAt: '2026-12-06T07:41:10Z', unreadableFrom: '2027-01-10T07:41:10Z' },
      directory: { hashOfAddressKeptUntil: '2027-01-05T07:41:12Z' },
      processors: [
        { name: 'Mail House', country: 'Germany', acknowledgedAt: '2026-12-06T08:00:00Z' },
        { name: 'Analytics House', country: 'Ireland', overdueSince: '2026-12-06T09:00:00Z' },
        { name: 'gone-house', country: '' },
      ],
      kept: [
        {
          what: 'audit trail: random ids, times and kinds of acts',
          why: 'accountability and security of processing, GDPR Art. 5(2) and 32',
        },
      ],
    },
  },
};
