/**
 * What a process needs that may never open the engine: without it and without the driver, whose loading takes 0.14 s and
 * 20 MB. A runner imports nothing else of this package before a service asks for data.
 */
export { mailFailure } from './environment/mail-failure.ts'
export { mailProtection, mailServerName, readMailVariables } from './environment/mail-variables.ts'
export type { MailVariables } from './environment/mail-variables.ts'
export { databaseFault } from './mongo-errors.ts'
export { fieldValueOf } from './portable/cell-value.ts'
