import { z } from 'zod'
import type { IsoDate } from '../../ids.schema.ts'
import { idSchema } from '../../ids.schema.ts'

/** The storage's own rule says the rest (storage-path.ts of @m3m/data). */
const path = z.string().max(1024)
const projectId = idSchema

/** The most an editor opens and saves; larger files are downloaded. */
export const MAX_TEXT_BYTES = 5 * 1024 * 1024
/** A link that shall live longer has no expiry at all. */
const MAX_LINK_MS = 10 * 365 * 86_400_000

/** `path: ''` is the root. */
export const storagePathInput = z.strictObject({ projectId, path })
export const renameInput = z.strictObject({
  projectId,
  path,
  name: z
    .string()
    .min(1, 'Type a name.')
    .max(255)
    .regex(/^[^/\\]+$/, 'A name holds no slash.'),
})
/** `to` is the new path itself, not the folder it lies in. */
export const transferInput = z.strictObject({ projectId, path, to: path, overwrite: z.boolean().optional() })
export const removeFilesInput = z.strictObject({ projectId, paths: z.array(path).min(1).max(1_000) })
/**
 * `etag` as `readText` gave it: saved only when the file still is that one; `null`: only when there is none.
 * Absent: over whatever is there.
 */
export const writeTextInput = z.strictObject({
  projectId,
  path,
  content: z.string().max(MAX_TEXT_BYTES),
  etag: z.string().max(64).nullable().optional(),
})
export const linkInput = z.strictObject({
  projectId,
  path,
  expiresInMs: z.int().min(1_000).max(MAX_LINK_MS).optional(),
})
export const revokeLinkInput = z.strictObject({ projectId, linkId: idSchema })
export const ticketInput = z.strictObject({ projectId, paths: z.array(path).min(1).max(200) })

/** Part of a name in any case; with `*` or `?` a pattern for the whole name. */
export const searchFilesInput = z.strictObject({
  projectId,
  path,
  query: z.string().trim().min(1, 'Type a part of a name.').max(200),
})
export const measureInput = z.strictObject({ projectId, paths: z.array(path).min(1).max(1_000) })
/** Files and folders, to be packed as they lie below the folder they share. */
export const archiveInput = z.strictObject({ projectId, paths: z.array(path).min(1).max(1_000) })

export interface StoredEntry {
  name: string
  /** Relative to the storage. */
  path: string
  kind: 'file' | 'folder'
  /** 0 for a folder. */
  sizeBytes: number
  updatedAt: IsoDate
}

export interface StoredFolder {
  path: string
  /** Folders first, then by name. */
  entries: StoredEntry[]
  /** Of the whole project, at most 5 s old. */
  usedBytes: number
  /** `null` is no limit. */
  quotaBytes: number | null
  /** Most bytes of one upload. */
  uploadBytes: number
}

/** One file or folder, looked at closely. */
export interface StoredFacts extends StoredEntry {
  /** From content, then name; `null` for a folder. */
  mimeType: string | null
}

export interface FoundFiles {
  /** Nearest first. */
  entries: StoredEntry[]
  /** There may be more. */
  isCut: boolean
}

/** How much lies at some paths, themselves counted. */
export interface MeasuredFiles {
  files: number
  folders: number
  sizeBytes: number
  /** There is more than was counted. */
  isCut: boolean
}

export interface StoredText {
  content: string
  /** Changes with the content. */
  etag: string
}

/** A public link. Its address is shown once, when it is made: only its hash is kept. */
export interface StorageLink {
  id: string
  path: string
  createdAt: IsoDate
  createdBy: { id: string; name: string } | null
  /** `null`: until it is revoked. */
  expiresAt: IsoDate | null
  expired: boolean
}
