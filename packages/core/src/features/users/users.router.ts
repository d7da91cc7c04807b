import { noInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import {
  changePasswordInput,
  createUserInput,
  removeUserInput,
  resetPasswordInput,
  updateProfileInput,
  updateUserInput,
  userInput,
} from './users.schema.ts'
import type { UsersService } from './users.service.ts'

export const createUsersRouter = (users: UsersService) =>
  router({
    list: procedure.input(noInput).query(({ ctx }) => users.list(ctx.actor)),
    create: procedure.input(createUserInput).mutation(({ ctx, input }) => users.create(ctx.actor, input)),
    update: procedure.input(updateUserInput).mutation(({ ctx, input }) => users.update(ctx.actor, input)),
    block: procedure.input(userInput).mutation(async ({ ctx, input }) => {
      await users.block(ctx.actor, input.userId)
      return {}
    }),
    unblock: procedure.input(userInput).mutation(async ({ ctx, input }) => {
      await users.unblock(ctx.actor, input.userId)
      return {}
    }),
    remove: procedure.input(removeUserInput).mutation(async ({ ctx, input }) => {
      await users.remove(ctx.actor, input)
      return {}
    }),
    resetPassword: procedure.input(resetPasswordInput).mutation(async ({ ctx, input }) => {
      await users.resetPassword(ctx.actor, input)
      return {}
    }),
  })

export const createProfileRouter = (users: UsersService) =>
  router({
    update: procedure
      .input(updateProfileInput)
      .mutation(({ ctx, input }) => users.updateProfile(ctx.actor, input)),
    changePassword: procedure.input(changePasswordInput).mutation(async ({ ctx, input }) => {
      await users.changePassword(ctx.actor, input)
      return {}
    }),
  })
