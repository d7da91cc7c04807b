import { z } from 'zod'

const fingerprint = z.strictObject({ documents: z.number().int().min(0), hash: z.string() })

/** First entry of a backup: what is in it, and what it was made of. The sums of all entries are the last one. */
export const manifestSchema = z.strictObject({
  format: z.literal('m3m-backup'),
  /** Grows when an older agent could not read it. */
  version: z.literal(1),
  createdAt: z.iso.datetime(),
  agentVersion: z.string(),
  /** `embedded`: one file of the embedded datastore; `dump`: a folder as mongodump writes it. */
  kind: z.enum(['embedded', 'dump']),
  /** Name of the control database; that of the projects' data ends in `_data`. */
  database: z.string(),
  /** By `database.collection`. */
  collections: z.record(z.string(), fingerprint),
  /** Ids of the keys that may have sealed variables of the type Secret; the keys themselves only with `--with-key`. */
  keyIds: z.array(z.string()),
})
export type BackupManifest = z.output<typeof manifestSchema>

/** Names of the entries of a backup. */
export const ENTRY = {
  manifest: 'manifest.json',
  datastore: 'mongo.sqlite',
  dump: 'dump/',
  storage: 'storage/',
  key: 'secrets.key',
} as const
