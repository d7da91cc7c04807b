/** Leaves out what says nothing, so that addresses stay short. */
export function withoutEmpty<T extends object>(search: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ''),
  ) as never
}
