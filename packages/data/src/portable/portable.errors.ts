import { defineErrors } from '@m3m/base'

export const portableErrors = defineErrors({
  IMPORT_SYNTAX: {
    blame: 'user',
    status: 400,
    text: (p: { row: number; problem: string }) =>
      `The file cannot be read at row ${p.row}: ${p.problem}. Nothing was written.`,
  },
  IMPORT_OPTION: {
    blame: 'user',
    status: 400,
    text: (p: { problem: string }) => `The import was refused: ${p.problem}.`,
  },
  IMPORT_LIMIT: {
    blame: 'user',
    status: 413,
    text: (p: { what: string; limit: number }) =>
      `An import takes at most ${p.limit} ${p.what}; split the file. Nothing was written.`,
  },
})
