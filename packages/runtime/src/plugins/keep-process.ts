import process from 'node:process'

let kept = false

/** From here on no code of this process can end it by `process.exit`: what tries throws, and is put down to its plugin. */
export function keepProcess(): void {
  if (kept) return
  kept = true
  for (const name of ['exit', 'reallyExit', 'abort'] as const)
    (process as unknown as Record<string, unknown>)[name] = () => {
      throw new Error(`process.${name} cannot be called by a plugin`)
    }
}
