import { storageErrors } from '@m3m/data'
import { fileErrors } from './storage.errors.ts'
import { MAX_TEXT_BYTES } from './storage.schema.ts'
import type { StoredText, writeTextInput } from './storage.schema.ts'
import type { ProjectFolder } from './stored-files.port.ts'
import type { z } from 'zod'

type WriteText = Pick<z.output<typeof writeTextInput>, 'path' | 'content' | 'etag'>

/** @throws STORAGE_NOT_TEXT, STORAGE_TOO_LARGE, STORAGE_NOT_FOUND, STORAGE_KIND, STORAGE_PATH */
export async function readText(folder: ProjectFolder, path: string): Promise<StoredText> {
  const bytes = await folder.read(path, MAX_TEXT_BYTES)
  try {
    // The mark at the beginning belongs to the file: it is saved again.
    const content = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return { content, etag: await etagOf(bytes) }
  } catch (cause) {
    throw fileErrors.STORAGE_NOT_TEXT({ path }, { cause })
  }
}

/** @throws STORAGE_CHANGED, and what writing throws */
export async function writeText(
  folder: ProjectFolder,
  { path, content, etag }: WriteText,
): Promise<{ etag: string }> {
  const bytes = new TextEncoder().encode(content)
  if (bytes.byteLength > MAX_TEXT_BYTES)
    throw storageErrors.STORAGE_TOO_LARGE({ path, limit: MAX_TEXT_BYTES })
  if (typeof etag === 'string') {
    const there = await folder.stat(path)
    const known = there?.kind === 'file' && there.sizeBytes <= MAX_TEXT_BYTES
    if (!known || (await etagOf(await folder.read(path, MAX_TEXT_BYTES))) !== etag)
      throw fileErrors.STORAGE_CHANGED({ path })
  }
  await folder.write(path, bytes, { overwrite: etag !== null })
  return { etag: await etagOf(bytes) }
}

async function etagOf(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
