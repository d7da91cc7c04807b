import { procedure, router } from '../../trpc.ts'
import { auditListInput } from './audit.schema.ts'
import type { AuditService } from './audit.service.ts'

export const createAuditRouter = (audit: AuditService) =>
  router({
    list: procedure.input(auditListInput).query(({ ctx, input }) => audit.list(ctx.actor, input)),
  })
