import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { z } from 'zod'

/** A JSON file that is either the old or the new one, never half of it, also after a power cut. Mode 0600. */
export interface JsonFile<T> {
  /** The content; `empty` when there is no file. A damaged file is kept aside as `<file>.damaged` and `empty` is given. */
  read(): Promise<T>
  /** Writes in the order of the calls. */
  write(value: T): Promise<void>
}

/**
 * @param schema checks what is read; what does not fit counts as damaged
 * @param onDamaged told the path under which the damaged file was kept
 */
export function createJsonFile<T>(options: {
  path: string
  schema: z.ZodType<T>
  empty: T
  onDamaged?: (keptAs: string) => void
}): JsonFile<T> {
  const { path, schema, empty } = options
  let last: Promise<unknown> = Promise.resolve()

  async function setAside(): Promise<T> {
    const keptAs = `${path}.damaged`
    await rename(path, keptAs)
    options.onDamaged?.(keptAs)
    return empty
  }

  return {
    async read() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      if (text === null) return empty
      const parsed = schema.safeParse(parseJson(text))
      return parsed.success ? parsed.data : setAside()
    },
    write(value) {
      const turn = last.then(() => replaceFile(path, `${JSON.stringify(value, null, 2)}\n`))
      last = turn.catch(() => {})
      return turn
    },
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const fresh = `${path}.${randomUUID()}`
  try {
    const file = await open(fresh, 'wx', 0o600)
    try {
      await file.writeFile(text)
      // Without it a power cut can leave the new name with an empty file.
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(fresh, path)
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
