import { z } from 'zod'
import { idSchema, noInput, projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import {
  branchInput,
  clearReleasesInput,
  codeSourceSchema,
  createBranchInput,
  createReleaseInput,
  diffInput,
  releaseInput,
  removeBranchInput,
  resetBranchInput,
  saveFilesInput,
  searchCodeInput,
} from './pipeline.schema.ts'
import type { PipelineService } from './pipeline.service.ts'

const checkInput = z.object({ projectId: idSchema, source: codeSourceSchema })

export const createPipelineRouter = (pipeline: PipelineService) =>
  router({
    template: procedure.input(noInput).query(() => ({ files: pipeline.template() })),
    branches: procedure.input(projectInput).query(({ input }) => pipeline.branches(input.projectId)),
    branch: procedure.input(branchInput).query(({ input }) => pipeline.branch(input.projectId, input.name)),
    createBranch: procedure
      .input(createBranchInput)
      .mutation(({ ctx, input }) => pipeline.createBranch(ctx.actor, input)),
    saveFiles: procedure
      .input(saveFilesInput)
      .mutation(({ ctx, input }) => pipeline.saveFiles(ctx.actor, input)),
    check: procedure
      .input(checkInput)
      .query(async ({ input }) => ({ problems: await pipeline.check(input.projectId, input.source) })),
    resetBranch: procedure
      .input(resetBranchInput)
      .mutation(({ ctx, input }) => pipeline.resetBranch(ctx.actor, input)),
    removeBranch: procedure.input(removeBranchInput).mutation(async ({ ctx, input }) => {
      await pipeline.removeBranch(ctx.actor, input.projectId, input.branch)
      return {}
    }),
    releases: procedure.input(projectInput).query(({ input }) => pipeline.releases(input.projectId)),
    recentReleases: procedure.input(noInput).query(({ ctx }) => pipeline.recentReleases(ctx.actor)),
    release: procedure
      .input(releaseInput)
      .query(({ input }) => pipeline.release(input.projectId, input.version)),
    createRelease: procedure
      .input(createReleaseInput)
      .mutation(({ ctx, input }) => pipeline.createRelease(ctx.actor, input)),
    removeRelease: procedure.input(releaseInput).mutation(async ({ ctx, input }) => {
      await pipeline.removeRelease(ctx.actor, input.projectId, input.version)
      return {}
    }),
    clearReleases: procedure
      .input(clearReleasesInput)
      .mutation(({ ctx, input }) => pipeline.clearReleases(ctx.actor, input)),
    diff: procedure.input(diffInput).query(async ({ input }) => ({ files: await pipeline.diff(input) })),
    search: procedure
      .input(searchCodeInput)
      .query(async ({ input }) => ({ hits: await pipeline.search(input) })),
  })
