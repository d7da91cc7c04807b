import type { Command } from './command.ts'
import { installService } from './install-service.ts'
import { version } from './version.ts'

/** Every command, in the order the help lists them. */
export const commands: readonly Command[] = [installService, version]
