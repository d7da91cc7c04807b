import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { keyIdOf } from '@m3m/data'
import type { Core } from '@m3m/core'
import type { ProjectExportOptions, ProjectManifest } from '@m3m/core/client'
import { type ArchiveEntry, filesBelow, packArchive } from '../archive/archive.ts'
import type { AgentConfig } from '../config/read-config.ts'
import { secretKeys } from '../config/secret-keys.ts'
import { AGENT_VERSION } from '../version.ts'
import { ENTRY } from './export.schema.ts'

/** Documents of one entry: few enough to be held, many enough to pack well. */
const ENTRY_CHARACTERS = 4 * 1024 * 1024

type ExportActor = Parameters<Core['services']['moving']['lines']>[0]

interface ExportOrder {
  projectId: string
  actor: ExportActor
  options: ProjectExportOptions
  onBytes?: (bytes: number) => void
}

/**
 * One project as a `.tar.zst`, written as it is read: a running service may go on meanwhile, what it changes then may
 * or may not be in it.
 *
 * @throws ACCESS_NO_PROJECT before anything is written; later failures end the stream before its sums
 */
export async function exportArchive(
  { core, config }: { core: Core; config: AgentConfig },
  to: Writable,
  { projectId, actor, options, onBytes }: ExportOrder,
): Promise<void> {
  const { moving } = core.services
  const keys = options.secrets ? secretKeys(config.datastore.path) : []
  const manifest: ProjectManifest = {
    format: 'm3m-project',
    version: 1,
    createdAt: new Date().toISOString(),
    agentVersion: AGENT_VERSION,
    project: await moving.describe(projectId),
    with: options,
    keyIds: keys.map((key) => keyIdOf(Buffer.from(key, 'base64url'))),
  }
  await packArchive(to, entries(), { ...(onBytes && { onBytes }) })

  async function* entries(): AsyncGenerator<ArchiveEntry> {
    yield { name: ENTRY.manifest, text: `${JSON.stringify(manifest, null, 2)}\n` }
    yield* documentEntries(moving.lines(actor, projectId, options))
    if (!options.files) return
    const folder = join(config.storage.path, projectId, 'storage')
    for await (const path of filesBelow(folder))
      yield { name: `${ENTRY.files}${path}`, file: join(folder, path) }
  }
}

async function* documentEntries(lines: AsyncIterable<string>): AsyncGenerator<ArchiveEntry> {
  let text: string[] = []
  let characters = 0
  let count = 0
  const entry = (): ArchiveEntry => {
    const name = `${ENTRY.documents}${String(++count).padStart(6, '0')}.ndjson`
    const whole = { name, text: text.join('') }
    text = []
    characters = 0
    return whole
  }
  for await (const line of lines) {
    text.push(`${line}\n`)
    characters += line.length
    if (characters > ENTRY_CHARACTERS) yield entry()
  }
  if (text.length > 0) yield entry()
}
