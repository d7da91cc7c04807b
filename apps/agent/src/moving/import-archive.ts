import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode, isDiskFull, messageOf } from '@m3m/base'
import { keyIdOf, movingErrors, storageErrors, newStoragePath } from '@m3m/data'
import type { Core, ImportedProject } from '@m3m/core'
import { projectManifestSchema, type ProjectImportOptions, type ProjectManifest } from '@m3m/core/client'
import { filesBelow, readArchive } from '../archive/archive.ts'
import type { AgentConfig } from '../config/read-config.ts'
import { secretKeys } from '../config/secret-keys.ts'
import { linesOf } from './export-lines.ts'
import { DOCUMENTS, ENTRY } from './export.schema.ts'

/** Text of like lines packs to a fiftieth; what unpacks to more than this is no export that an agent made. */
const MAX_RATIO = 200
/** Small exports may be tighter: what is the same in all of them weighs much there. */
const FREE_BYTES = 256 * 1024 * 1024
/** Name, settings and ids of keys: some KiB. */
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024

type ImportActor = Parameters<Core['services']['moving']['import']>[0]

interface ImportOrder {
  /** The archive, whole on the disk. */
  file: string
  actor: ImportActor
  isRoot: boolean
  options: ProjectImportOptions
}

/**
 * Takes an export in as a new project. It is unpacked beside the storage and compared with its sums before anything
 * is written; whatever fails then is taken back.
 *
 * @throws PROJECT_IMPORT_INVALID, PROJECT_IMPORT_WRONG_KEY, PROJECT_SLUG_TAKEN, STORAGE_QUOTA
 */
export async function importArchive(
  { core, config }: { core: Core; config: AgentConfig },
  { file, actor, isRoot, options }: ImportOrder,
): Promise<ImportedProject> {
  await mkdir(config.storage.path, { recursive: true, mode: 0o700 })
  // On the disk of the storage, so that files come into their place by a change of name.
  const scratch = await mkdtemp(join(config.storage.path, '.import-'))
  try {
    const { manifest, documents } = await unpack(file, scratch)
    if (!options.withoutSecrets) demandKeys(manifest, config)
    await demandQuota(core, manifest, join(scratch, ENTRY.files))
    return await core.services.moving.import(actor, {
      ...options,
      manifest,
      isRoot,
      lines: linesOf(documents.map((name) => join(scratch, name))),
      placeFiles: (projectId) => placeFiles(join(scratch, ENTRY.files), join(config.storage.path, projectId)),
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function unpack(
  file: string,
  scratch: string,
): Promise<{ manifest: ProjectManifest; documents: string[] }> {
  try {
    const names = await readArchive(file, { folder: scratch, maxBytes: await mostBytes(file, scratch) })
    const manifest = await manifestOf(join(scratch, ENTRY.manifest))
    for (const name of names) checkEntry(name)
    return { manifest, documents: names.filter((name) => DOCUMENTS.test(name)).sort() }
  } catch (error) {
    if (hasCode(error, 'PROJECT_IMPORT_INVALID') || isDiskFull(error)) throw error
    throw movingErrors.PROJECT_IMPORT_INVALID({ reason: reasonOf(error) }, { cause: error })
  }
}

async function manifestOf(file: string): Promise<ProjectManifest> {
  if ((await stat(file)).size > MAX_MANIFEST_BYTES) throw new Error(`its ${ENTRY.manifest} is too large`)
  return projectManifestSchema.parse(JSON.parse(await readFile(file, 'utf8')))
}

/** Of the disk a tenth stays free; a bomb ends long before that. */
async function mostBytes(file: string, scratch: string): Promise<number> {
  const [{ size }, { bavail, bsize }] = await Promise.all([stat(file), statfs(scratch)])
  return Math.min(FREE_BYTES + size * MAX_RATIO, bavail * bsize * 0.9)
}

/** Files get their place by the rules of the storage, in the one spelling they have there. */
function checkEntry(name: string): void {
  if (name === ENTRY.manifest || DOCUMENTS.test(name)) return
  const path = name.startsWith(ENTRY.files) ? name.slice(ENTRY.files.length) : null
  if (path === null || newStoragePath(path) !== path)
    throw movingErrors.PROJECT_IMPORT_INVALID({ reason: `the entry "${name}" has no place in it` })
}

function demandKeys({ keyIds }: ProjectManifest, config: AgentConfig): void {
  const held = new Set(secretKeys(config.datastore.path).map((key) => keyIdOf(Buffer.from(key, 'base64url'))))
  if (keyIds.some((id) => !held.has(id)))
    throw movingErrors.PROJECT_IMPORT_WRONG_KEY({ keyFile: join(config.datastore.path, 'secrets.key') })
}

/** As if its files were uploaded one by one. */
async function demandQuota({ services }: Core, { project }: ProjectManifest, folder: string): Promise<void> {
  const { defaults, bounds } = services.projects.limits()
  const own = project.settings.limits.storageQuotaBytes
  const quotaBytes =
    own === undefined ? defaults.storageQuotaBytes : Math.min(own, bounds.storageQuotaBytes.max)
  if (quotaBytes === null) return
  let usedBytes = 0
  for await (const path of filesBelow(folder)) usedBytes += (await stat(join(folder, path))).size
  if (usedBytes > quotaBytes) throw storageErrors.STORAGE_QUOTA({ usedBytes, quotaBytes })
}

async function placeFiles(from: string, folder: string): Promise<void> {
  if (!existsSync(from)) return
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await rename(from, join(folder, 'storage'))
}

function reasonOf(error: unknown): string {
  const { issues } = error as { issues?: { path: PropertyKey[]; message: string }[] }
  const [first] = issues ?? []
  return first ? `manifest: ${first.path.map(String).join('.')}: ${first.message}` : messageOf(error)
}
