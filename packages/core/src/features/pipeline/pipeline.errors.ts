import { defineErrors } from '@m3m/base'

export const pipelineErrors = defineErrors({
  PIPELINE_NO_BRANCH: {
    blame: 'user',
    status: 404,
    text: (p: { branch: string }) => `This project has no branch "${p.branch}".`,
  },
  PIPELINE_BRANCH_EXISTS: {
    blame: 'user',
    status: 409,
    text: (p: { branch: string }) => `A branch "${p.branch}" exists already; choose another name.`,
  },
  PIPELINE_TOO_MANY_BRANCHES: {
    blame: 'user',
    status: 409,
    text: (p: { max: number }) => `A project has at most ${p.max} branches; remove one first.`,
  },
  PIPELINE_REVISION_STALE: {
    blame: 'user',
    status: 409,
    text: (p: { branch: string; revision: number }) =>
      `Somebody saved the branch "${p.branch}" meanwhile (revision ${p.revision}). Load it and merge, or save without a revision to overwrite.`,
  },
  PIPELINE_BRANCH_RUNNING: {
    blame: 'user',
    status: 409,
    text: (p: { branch: string }) => `A debug run of "${p.branch}" is on. Stop it first.`,
  },
  PIPELINE_NO_RELEASE: {
    blame: 'user',
    status: 404,
    text: (p: { version: string }) => `This project has no release ${p.version}.`,
  },
  PIPELINE_RELEASE_RUNNING: {
    blame: 'user',
    status: 409,
    text: (p: { version: string }) => `Release ${p.version} is running. Stop it or start another one first.`,
  },
  PIPELINE_NO_ENTRY: {
    blame: 'user',
    status: 400,
    text: (p: { source: string }) =>
      `${p.source} has no main.js or main.ts: that file is where a service begins.`,
  },
  PIPELINE_FILES: {
    blame: 'user',
    status: 400,
    text: (p: { reason: string }) => `These files cannot be saved: ${p.reason}.`,
  },
  PIPELINE_TOO_LARGE: {
    blame: 'user',
    status: 413,
    text: (p: { chars: number; max: number }) =>
      `The files have ${p.chars} characters together; ${p.max} is the most. Data belongs into the storage or a model.`,
  },
})
