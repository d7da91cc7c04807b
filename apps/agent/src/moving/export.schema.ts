/** Names of the entries of an export: the manifest first, then documents, then files of the storage. */
export const ENTRY = {
  manifest: 'manifest.json',
  documents: 'documents/',
  files: 'files/',
} as const

/** `documents/000001.ndjson`: one document a line, in the order of the numbers. */
export const DOCUMENTS = /^documents\/\d{6}\.ndjson$/
