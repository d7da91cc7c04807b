import { projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import {
  archiveInput,
  linkInput,
  measureInput,
  removeFilesInput,
  renameInput,
  revokeLinkInput,
  searchFilesInput,
  storagePathInput,
  ticketInput,
  transferInput,
  writeTextInput,
} from './storage.schema.ts'
import type { StorageService } from './storage.service.ts'

export const createStorageRouter = (storage: StorageService) =>
  router({
    list: procedure.input(storagePathInput).query(({ input }) => storage.list(input)),
    stat: procedure.input(storagePathInput).query(({ input }) => storage.stat(input)),
    search: procedure.input(searchFilesInput).query(({ input }) => storage.search(input)),
    measure: procedure.input(measureInput).query(({ input }) => storage.measure(input)),
    readText: procedure.input(storagePathInput).query(({ input }) => storage.readText(input)),
    writeText: procedure
      .input(writeTextInput)
      .mutation(({ ctx, input }) => storage.writeText(ctx.actor, input)),
    mkdir: procedure.input(storagePathInput).mutation(async ({ ctx, input }) => {
      await storage.mkdir(ctx.actor, input)
      return {}
    }),
    rename: procedure.input(renameInput).mutation(async ({ ctx, input }) => {
      await storage.rename(ctx.actor, input)
      return {}
    }),
    move: procedure.input(transferInput).mutation(async ({ ctx, input }) => {
      await storage.move(ctx.actor, input)
      return {}
    }),
    copy: procedure.input(transferInput).mutation(async ({ ctx, input }) => {
      await storage.copy(ctx.actor, input)
      return {}
    }),
    remove: procedure.input(removeFilesInput).mutation(async ({ ctx, input }) => {
      await storage.remove(ctx.actor, input)
      return {}
    }),
    link: procedure.input(linkInput).mutation(({ ctx, input }) => storage.link(ctx.actor, input)),
    links: router({
      list: procedure.input(projectInput).query(({ input }) => storage.links.list(input.projectId)),
      revoke: procedure.input(revokeLinkInput).mutation(async ({ ctx, input }) => {
        await storage.links.revoke(ctx.actor, input.projectId, input.linkId)
        return {}
      }),
    }),
    archive: procedure.input(archiveInput).mutation(({ ctx, input }) => storage.archive(ctx.actor, input)),
    ticket: procedure.input(ticketInput).mutation(({ ctx, input }) => storage.ticket(ctx.actor, input)),
  })
