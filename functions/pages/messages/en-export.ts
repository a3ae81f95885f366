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
  'export.under-way': 'Your copy is being made. We write to you when it is ready.',
  'export.step-collecting': 'Step 1 of 3: collecting what we hold on you',
  'export.step-waiting': 'Step 2 of 3: waiting for answers',
  'export.step-writing': 'Step 3 of 3: writing your files',
  'export.collected': {
    count: 'count',
    one: '{count} entry so far',
    other: '{count} entries so far',
  },
  'export.waiting': {
    count: 'count',
    one: '{count} service that works for us has yet to tell what it holds on you.',
    other: '{count} services that work for us have yet to tell what they hold on you.',
  },
  'export.waiting-until':
    'We wait until {time} at the latest. Who has not answered by then is named in your copy.',
  'export.writing': 'Everything is there. This takes a moment.',
  'export.expired': 'These files were deleted when their time was up. You can ask for new ones.',
  'mail.export-ready.subject': 'Your data from {product} is ready',
  'mail.export-ready.text':
    'the data that {product} holds on you has been collected. You can download it until {time}; it is deleted then.',
  'mail.export-ready.fresh': 'So that nobody else gets it, you may be asked to sign in again:',
  'mail.export-ready.button': 'Download your data',
  'mail.export-ready.ignore':
    'You did not ask for this? Then please change your password: somebody may know it.',
} as const;
