/** `order-lines` → `orderLines`. */
export function camel(kebab: string): string {
  return kebab.replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
}

/** `order-lines` → `OrderLines`. */
export function pascal(kebab: string): string {
  const name = camel(kebab)
  return name[0]!.toUpperCase() + name.slice(1)
}

/** `order-lines` → `ORDER_LINES`. */
export function constant(kebab: string): string {
  return kebab.replaceAll('-', '_').toUpperCase()
}
