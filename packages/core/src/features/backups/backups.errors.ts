import { defineErrors } from '@m3m/base'

export const backupsErrors = defineErrors({
  BACKUP_BUSY: {
    blame: 'user',
    status: 409,
    text: (p: { name: string }) => `The backup ${p.name} is under way; wait for its end and ask again.`,
  },
  BACKUP_UNKNOWN: {
    blame: 'user',
    status: 404,
    text: (p: { name: string }) => `This agent has no backup ${p.name}; look at the list again.`,
  },
  BACKUP_NAME_NOT_CONFIRMED: {
    blame: 'user',
    status: 400,
    text: (p: { name: string }) => `Type the name of the backup, "${p.name}", exactly (confirmName).`,
  },
  BACKUP_RESTORE_BY_HAND: {
    blame: 'user',
    status: 409,
    text: (p: { name: string }) =>
      `Nothing would start this agent again. Stop it, run "m3m-agent restore" with the file ${p.name}, and start it.`,
  },
})
