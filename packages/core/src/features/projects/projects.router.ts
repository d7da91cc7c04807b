import { z } from 'zod'
import { idSchema, noInput, projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import type { ProjectMail } from '../mail/project-mail.service.ts'
import type { AuditService } from '../audit/audit.service.ts'
import { apiKeyInput, createApiKeyInput } from './api-keys.schema.ts'
import type { ApiKeysService } from './api-keys.service.ts'
import {
  addMemberInput,
  createProjectInput,
  getProjectInput,
  removeMemberInput,
  projectTestMailInput,
  removeProjectInput,
  suggestSlugInput,
  updateMemberInput,
  updateProjectInput,
} from './projects.schema.ts'
import type { ProjectsService } from './projects.service.ts'

const membersRouter = (projects: ProjectsService) =>
  router({
    list: procedure.input(projectInput).query(({ input }) => projects.members(input.projectId)),
    add: procedure.input(addMemberInput).mutation(({ ctx, input }) => projects.addMember(ctx.actor, input)),
    update: procedure
      .input(updateMemberInput)
      .mutation(({ ctx, input }) => projects.updateMember(ctx.actor, input)),
    remove: procedure.input(removeMemberInput).mutation(async ({ ctx, input }) => {
      await projects.removeMember(ctx.actor, input)
      return {}
    }),
  })

const apiKeysRouter = (apiKeys: ApiKeysService) =>
  router({
    list: procedure.input(projectInput).query(({ input }) => apiKeys.list(input.projectId)),
    create: procedure.input(createApiKeyInput).mutation(({ ctx, input }) => apiKeys.create(ctx.actor, input)),
    regenerate: procedure
      .input(apiKeyInput)
      .mutation(({ ctx, input }) => apiKeys.regenerate(ctx.actor, input.projectId, input.keyId)),
    revoke: procedure.input(apiKeyInput).mutation(async ({ ctx, input }) => {
      await apiKeys.revoke(ctx.actor, input.projectId, input.keyId)
      return {}
    }),
  })

const projectAuditInput = z.object({
  projectId: idSchema,
  limit: z.number().int().min(1).max(500).default(100),
  before: idSchema.optional(),
})

export const createProjectsRouter = (
  projects: ProjectsService,
  apiKeys: ApiKeysService,
  { audit, projectMail }: { audit: AuditService; projectMail: ProjectMail },
) =>
  router({
    list: procedure.input(noInput).query(({ ctx }) => projects.list(ctx.actor)),
    /** What others changed, for windows that are open; a client that connects again asks for everything anew. */
    watch: procedure.input(noInput).subscription(async function* ({ ctx }) {
      yield* projects.news.watch(ctx.actor, ctx.until)
    }),
    get: procedure.input(getProjectInput).query(({ ctx, input }) => projects.get(ctx.actor, input)),
    suggestSlug: procedure
      .input(suggestSlugInput)
      .query(async ({ input }) => ({ slug: await projects.suggestSlug(input.name) })),
    create: procedure
      .input(createProjectInput)
      .mutation(({ ctx, input }) => projects.create(ctx.actor, input)),
    update: procedure
      .input(updateProjectInput)
      .mutation(({ ctx, input }) => projects.update(ctx.actor, input)),
    limits: procedure.input(projectInput).query(() => projects.limits()),
    remove: procedure.input(removeProjectInput).mutation(async ({ ctx, input }) => {
      await projects.remove(ctx.actor, input)
      return {}
    }),
    audit: procedure.input(projectAuditInput).query(({ ctx, input }) => audit.list(ctx.actor, input)),
    sendTestMail: procedure
      .input(projectTestMailInput)
      .mutation(({ ctx, input }) => projectMail.sendTest(ctx.actor, input)),
    members: membersRouter(projects),
    apiKeys: apiKeysRouter(apiKeys),
  })
