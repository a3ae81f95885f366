/** About fetching one's own data; `de-export.ts` has the same in German. */
export const EN_EXPORT = {
  'action.download-html': 'Download to read',
  'action.download-json': 'Download for machines',
  'action.reload': 'Look again',
  'export.title': 'Your data',
  'export.ready': 'Both files hold the same: everything that we hold on you.',
  'export.html': 'To read',
  'export.html-text': 'One page to read, print and keep, {size}.',
  'export.json': 'For machines',
  'export.json-text': 'JSON by a published schema, to take to another service, {size}.',
  'export.until': 'They are here until {time} and are deleted then.',
  'export.careful':
    'These files are about you alone, and nothing in them is locked. Keep them where nobody else looks.',
  'export.collecting': 'Your data is being collected. We write to you when it is ready.',
  'export.collected': {
    count: 'count',
    one: '{count} entry so far',
    other: '{count} entries so far',
  },
  'export.expired': 'These files were deleted when their time was up. You can ask for new ones.',
  'mail.export-ready.subject': 'Your data from {product} is ready',
  'mail.export-ready.text':
    'the data that {product} holds on you has been collected. You can download it until {time}; it is deleted then.',
  'mail.export-ready.fresh': 'So that nobody else gets it, you will be asked to sign in again:',
  'mail.export-ready.button': 'Download your data',
  'mail.export-ready.ignore':
    'You did not ask for this? Then please change your password: somebody may know it.',
} as const;
