import type { PreviewShape } from '../adapters/previews.ts'

/** Pixels of a side. Above, it is no small picture: 20,000 of them are kept for each project (adapters/previews.ts). */
const MAX_SIDE = 1024
const ASKED = /^(\d{1,4})x(\d{1,4})([tbf]?)$/

export const THUMB_FORMS =
  `it is 100x100 (filled from the middle; 100x100t from the top, 100x100b from the bottom, 100x100f whole inside), ` +
  `100x0 or 0x100 (the other side follows), up to ${MAX_SIDE} pixels`

/** `thumb=100x100` and its kin, the forms that PocketBase takes; null for anything else. */
export function readThumb(text: string): PreviewShape | null {
  const found = ASKED.exec(text)
  if (!found) return null
  const [width, height] = [Number(found[1]), Number(found[2])]
  if (Math.max(width, height) > MAX_SIDE || width + height === 0) return null
  const sides = { width: width || null, height: height || null }
  if (found[3] === 'f' || width === 0 || height === 0) return { ...sides, fit: 'inside' }
  if (found[3] === '') return { ...sides, fit: 'cover' }
  return { ...sides, fit: 'cover', from: found[3] === 't' ? 'top' : 'bottom' }
}
