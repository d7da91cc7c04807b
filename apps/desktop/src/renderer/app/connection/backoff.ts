/**
 * How long to wait before the next try: doubled each time from `firstMs` up to `lastMs`, then between half and all of
 * it by chance, so that the pages of an agent that restarts do not come back in one moment.
 *
 * @param attempt 0 for the first
 */
export function backoffMs(
  attempt: number,
  { firstMs, lastMs }: { firstMs: number; lastMs: number },
  random: () => number = Math.random,
): number {
  const full = Math.min(firstMs * 2 ** Math.min(attempt, 30), lastMs)
  return Math.round(full * (0.5 + random() / 2))
}
