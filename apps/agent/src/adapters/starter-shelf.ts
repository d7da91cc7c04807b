import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, type Logger } from '@m3m/base'
import { starterManifestSchema, type Starter, type StarterShelf } from '@m3m/core'
import { parse } from 'yaml'

const MANIFEST = 'starter.yaml'
const CODE = /\.(?:js|ts|json)$/

/**
 * Starters of a folder: one folder each, with `starter.yaml` and the files of the branch. One that cannot be
 * read is left out and named in the agent's log; without the folder there are none.
 */
export function createStarterShelf(folder: string, logger: Logger): StarterShelf {
  return {
    async all() {
      const names = await namesIn(folder)
      const starters = await Promise.all(
        names.map((slug) =>
          readStarter(join(folder, slug), slug).catch((error: unknown) => {
            logger.warn('a starter is left out', { starter: join(folder, slug), reason: messageOf(error) })
            return null
          }),
        ),
      )
      return starters
        .filter((starter) => starter !== null)
        .sort((a, b) => a.order - b.order || (a.slug < b.slug ? -1 : 1))
    },
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

async function readStarter(folder: string, slug: string): Promise<Starter> {
  const manifest = starterManifestSchema.parse(parse(await readFile(join(folder, MANIFEST), 'utf8')))
  const paths = (await readdir(folder, { recursive: true })).filter((path) => CODE.test(path)).sort()
  const files = await Promise.all(
    paths.map(async (path) => ({
      path: path.replaceAll('\\', '/'),
      code: await readFile(join(folder, path), 'utf8'),
    })),
  )
  return { ...manifest, slug, files }
}
