import { h } from './dom.js';

const UNITS = ['bytes', 'kB', 'MB', 'GB'];

/** A size as people read it. */
export function bytes(size) {
  const power = size < 1000 ? 0 : Math.min(Math.floor(Math.log10(size) / 3), UNITS.length - 1);
  const value = size / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`;
}

/** That a version can be neither deleted nor overwritten; nothing for one that can. */
export function badgeOfLock({ lockedUntil, lockMode }) {
  if (lockedUntil === undefined) return false;
  const day = new Date(lockedUntil).toLocaleDateString();
  return h('span.badge.warn', { title: lockMode }, `locked until ${day}`);
}
