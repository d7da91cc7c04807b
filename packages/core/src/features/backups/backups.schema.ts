import { z } from 'zod'
import type { IsoDate } from '../../ids.schema.ts'

/** A plain file name: no folder can be named by it. */
export const backupNameSchema = z
  .string()
  .max(200)
  .regex(/^[\w][\w.-]*\.tar\.zst$/, 'A backup is named like m3m-2026-01-31T033000Z.tar.zst.')

export const backupInput = z.strictObject({ name: backupNameSchema })
/** `confirmName`: the name once more, typed by hand. */
export const confirmedBackupInput = backupInput.extend({ confirmName: z.string().max(200) })
export const restoreBackupInput = confirmedBackupInput.extend({
  /** Go on although the key of secret variables is missing; they have to be typed anew. */
  withoutSecrets: z.boolean().default(false),
})

/** When backups are made, and how many stay. */
export const backupSettingsSchema = z.strictObject({
  /** Every day at this time, UTC; `null`: only when somebody asks. */
  daily: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'Type a time such as 03:30.')
    .nullable(),
  /** After each backup the oldest beyond so many are removed; the newest that is proved never is. */
  keep: z.int().min(1).max(365),
  /** The key of secret variables goes along. */
  withKey: z.boolean(),
})
export type BackupSettings = z.output<typeof backupSettingsSchema>

/** Whether a backup could be put back. */
export interface BackupProof {
  at: IsoDate
  /** Why it could not; `null`: it can. */
  problem: string | null
  documents: number
}

export interface BackupView {
  /** Its file name. */
  name: string
  sizeBytes: number
  createdAt: IsoDate
  /** Of the last look; `null`: nobody has looked. */
  proof: BackupProof | null
}

/** What is under way. One thing at a time. */
export interface BackupJob {
  kind: 'make' | 'verify'
  name: string
  /** `read`: copying data and files; `verify`: restoring into a scratch database and comparing. */
  step: 'read' | 'verify'
  doneBytes: number
  /** 0 while it is not known. */
  totalBytes: number
  startedAt: IsoDate
}

/** How the last restore from the panel ended. */
export interface RestoreNote {
  name: string
  at: IsoDate
  by: string
  /** Why nothing was changed; `null`: it was restored. */
  problem: string | null
}

export interface BackupsView {
  /** Newest first. */
  backups: BackupView[]
  /** Where they are on the agent's machine. */
  folder: string
  freeBytes: number | null
  job: BackupJob | null
  /** Why the last try came to nothing; `null` when it did not fail. */
  failure: { at: IsoDate; message: string } | null
  /** Of the next scheduled one. */
  nextAt: IsoDate | null
  restored: RestoreNote | null
  /** Whether this agent can restore by itself: it was started by `m3m-agent serve`. */
  mayRestore: boolean
}
