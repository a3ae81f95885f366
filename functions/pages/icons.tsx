/** All icons are decoration beside words, so they are hidden from assistive technology. */
const PATHS = {
  alert: 'M12 8v5M12 16.5v.01M12 2.8 21.5 20h-19z',
  check: 'M4.5 12.5l5 5 10-11',
  globe: 'M12 3a9 9 0 100 18 9 9 0 000-18M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18',
} as const;

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A house with its door open, in the brand's colour: the mark in the browser's tab. */
export function renderFavicon(color: string): string {
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='8' fill='${color}'/><path d='M7 15.5 16 8l9 7.5V25h-6v-6h-6v6H7z' fill='white'/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
